//! Native functions: how they are called, and what checks a call.

use crate::{Args, PyResult, Vm};
use octopy_qstr::Qstr;

/// A native function as the interpreter calls it: arguments in slots, result into `args.ret`.
pub type NativeFn = fn(&mut Vm, Args) -> PyResult<()>;

/// How a function belongs to its table, which says what is put before its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A function of a module, or a static method of a type.
    Function,
    /// A method of a type: takes `self` first.
    Method,
    /// A class method of a type: takes the class first.
    ClassMethod,
    /// An attribute computed when it is read: takes `self`.
    Property,
}

/// How a native function is called, in one byte: its role, and how many positional arguments it
/// takes, `self` included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Convention(u8);

impl Convention {
    const ROLE_BITS: u32 = 2;
    const COUNT_BITS: u32 = 3;
    const COUNT_MASK: u8 = (1 << Self::COUNT_BITS) - 1;
    /// These stand in the place of the most positional arguments.
    const ANY: u8 = Self::COUNT_MASK - 1;
    const ANY_AND_KEYWORDS: u8 = Self::COUNT_MASK;

    const fn new(min: u8, max: u8) -> Self {
        assert!(min <= Self::COUNT_MASK, "the fewest arguments are too many");
        Self(
            Role::Function as u8
                | min << Self::ROLE_BITS
                | max << (Self::ROLE_BITS + Self::COUNT_BITS),
        )
    }

    /// From `min` to `max` positional arguments, of a function; fewer than six.
    pub const fn counted(min: u8, max: u8) -> Self {
        assert!(max < Self::ANY, "the most arguments are too many");
        Self::new(min, max)
    }

    /// `min` and more positional arguments, of a function; keyword arguments as they are
    /// (`Args::n_kw`), if it takes them.
    pub const fn open(min: u8, keywords: bool) -> Self {
        Self::new(min, if keywords { Self::ANY_AND_KEYWORDS } else { Self::ANY })
    }

    /// The same for another role.
    pub const fn with_role(self, role: Role) -> Self {
        Self(self.0 & !((1 << Self::ROLE_BITS) - 1) | role as u8)
    }

    /// How the function belongs to its table.
    #[inline(always)]
    pub const fn role(self) -> Role {
        match self.0 & ((1 << Self::ROLE_BITS) - 1) {
            0 => Role::Function,
            1 => Role::Method,
            2 => Role::ClassMethod,
            _ => Role::Property,
        }
    }

    /// Fewest positional arguments.
    #[inline(always)]
    pub const fn min(self) -> u16 {
        (self.0 >> Self::ROLE_BITS & Self::COUNT_MASK) as u16
    }

    /// Most positional arguments; with [`Self::is_open`], more.
    #[inline(always)]
    pub const fn max(self) -> u16 {
        (self.0 >> (Self::ROLE_BITS + Self::COUNT_BITS)) as u16
    }

    /// Whether there can be any number of positional arguments.
    #[inline(always)]
    pub const fn is_open(self) -> bool {
        self.max() >= Self::ANY as u16
    }

    /// Whether the function takes keyword arguments as they are.
    #[inline]
    pub const fn takes_raw_keywords(self) -> bool {
        self.max() == Self::ANY_AND_KEYWORDS as u16
    }

    /// Whether the first argument is `self`.
    #[inline(always)]
    pub const fn takes_self(self) -> bool {
        matches!(self.role(), Role::Method | Role::Property)
    }

    /// Whether so many positional arguments are right.
    #[inline(always)]
    pub const fn admits(self, count: u16) -> bool {
        count >= self.min() && (count <= self.max() || self.is_open())
    }
}

/// A native function with what is needed to check a call.
#[derive(Debug, Clone, Copy)]
pub struct Native {
    /// The function behind its conversion of arguments.
    pub call: NativeFn,
    /// How it is called.
    pub convention: Convention,
    /// Names of the keyword arguments, if it has any. They follow the positional ones in the
    /// function's signature.
    pub keywords: &'static [Qstr],
}

impl Native {
    /// The same for another role.
    pub const fn with_role(self, role: Role) -> Self {
        Self { convention: self.convention.with_role(role), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::{Convention, Role};

    const ROLES: [Role; 4] = [Role::Function, Role::Method, Role::ClassMethod, Role::Property];

    #[test]
    fn one_byte_holds_role_and_counts() {
        for role in ROLES {
            for min in 0..6 {
                for max in min..6 {
                    let convention = Convention::counted(min, max).with_role(role);
                    assert_eq!(convention.role(), role);
                    assert_eq!((convention.min(), convention.max()), (min.into(), max.into()));
                    assert!(!convention.is_open() && !convention.takes_raw_keywords());
                    let admitted = (0..100).filter(|&count| convention.admits(count));
                    assert!(admitted.eq(u16::from(min)..=u16::from(max)));
                }
            }
        }
    }

    #[test]
    fn open_ones_admit_any_number_from_the_fewest_on() {
        for role in ROLES {
            for (min, keywords) in [(0, false), (3, true), (5, false)] {
                let convention = Convention::open(min, keywords).with_role(role);
                assert_eq!((convention.role(), convention.min()), (role, min.into()));
                assert!(convention.is_open());
                assert_eq!(convention.takes_raw_keywords(), keywords);
                assert!(convention.admits(min.into()) && convention.admits(u16::MAX));
                assert!(min == 0 || !convention.admits(u16::from(min) - 1));
            }
        }
    }
}
