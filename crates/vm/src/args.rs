//! `Args`: the arguments of a native call, and their conversion to Rust.
//!
//! A native is a plain function `fn(vm: &mut Vm, a: A, b: B, ...) -> PyResult<R>`, where each
//! argument type implements [`FromArg`] and `R` implements [`IntoPy`]. The table macros wrap it.

use crate::{PyResult, Vm};
use octopy_heap::{Local, Value};
use octopy_qstr::Qstr;

/// Arguments in consecutive slots, and the slot for the result.
#[derive(Debug, Clone, Copy)]
pub struct Args {
    /// Where the result goes: the callable's own slot.
    pub ret: Local,
    /// First positional argument. Keyword arguments follow the positional ones, as pairs of name
    /// (a qstr) and value.
    pub base: Local,
    /// Positional arguments.
    pub n_pos: u16,
    /// Keyword arguments.
    pub n_kw: u16,
}

impl Args {
    /// Positional argument `idx`.
    #[inline(always)]
    pub fn pos(&self, idx: u16) -> Option<Local> {
        if idx < self.n_pos { Some(self.base.offset(u32::from(idx))) } else { None }
    }

    /// Positional argument `idx`, if it was given.
    #[inline(never)]
    fn given(&self, vm: &Vm, idx: u16) -> Option<Local> {
        self.pos(idx).filter(|slot| !vm.heap.get(*slot).is_null())
    }

    /// Name and value slots of keyword argument `idx`.
    pub fn kw(&self, idx: u16) -> Option<(Local, Local)> {
        if idx >= self.n_kw {
            return None;
        }
        let name = self.base.offset(u32::from(self.n_pos) + 2 * u32::from(idx));
        Some((name, name.offset(1)))
    }

    /// The arguments after the first `count` positional ones.
    pub fn skip(&self, count: u16) -> Self {
        let count = count.min(self.n_pos);
        Self { base: self.base.offset(u32::from(count)), n_pos: self.n_pos - count, ..*self }
    }
}

/// All remaining arguments of a call; must be the last parameter.
#[derive(Debug, Clone, Copy)]
pub struct Rest(pub Args);

/// A Rust type that an argument converts to.
pub trait FromArg: Sized {
    /// Whether the argument may be left out.
    const OPTIONAL: bool = false;
    /// Whether it takes all remaining arguments.
    const REST: bool = false;
    /// Converts argument `idx`; a slot with NULL is an argument that was left out.
    fn from_arg(vm: &mut Vm, args: &Args, idx: u16) -> PyResult<Self>;
    /// As [`FromArg::from_arg`]; `None` for an argument that was left out.
    #[inline(always)]
    fn from_given(vm: &mut Vm, args: &Args, idx: u16) -> PyResult<Option<Self>> {
        match args.given(vm, idx) {
            Some(_) => Self::from_arg(vm, args, idx).map(Some),
            None => Ok(None),
        }
    }
}

/// A Rust type that a result converts from. Writes the value into a slot.
pub trait IntoPy {
    /// Stores the value in `to`.
    fn into_py(self, vm: &mut Vm, to: Local) -> PyResult<()>;
}

impl FromArg for Local {
    #[inline(always)]
    fn from_arg(_vm: &mut Vm, args: &Args, idx: u16) -> PyResult<Self> {
        Ok(args.base.offset(u32::from(idx)))
    }

    #[inline(always)]
    fn from_given(vm: &mut Vm, args: &Args, idx: u16) -> PyResult<Option<Self>> {
        Ok(args.given(vm, idx))
    }
}

impl FromArg for Rest {
    const REST: bool = true;
    #[inline(always)]
    fn from_arg(_vm: &mut Vm, args: &Args, idx: u16) -> PyResult<Self> {
        Ok(Self(args.skip(idx)))
    }
}

impl<T: FromArg> FromArg for Option<T> {
    const OPTIONAL: bool = true;
    #[inline(always)]
    fn from_arg(vm: &mut Vm, args: &Args, idx: u16) -> PyResult<Self> {
        T::from_given(vm, args, idx)
    }
}

impl FromArg for i32 {
    #[inline]
    fn from_arg(vm: &mut Vm, args: &Args, idx: u16) -> PyResult<Self> {
        vm.to_i32(args.base.offset(u32::from(idx)))
    }
}

impl FromArg for u32 {
    #[inline]
    fn from_arg(vm: &mut Vm, args: &Args, idx: u16) -> PyResult<Self> {
        vm.to_u32(args.base.offset(u32::from(idx)))
    }
}

impl FromArg for crate::Float {
    #[inline]
    fn from_arg(vm: &mut Vm, args: &Args, idx: u16) -> PyResult<Self> {
        vm.to_float(args.base.offset(u32::from(idx)))
    }
}

impl FromArg for bool {
    #[inline]
    fn from_arg(vm: &mut Vm, args: &Args, idx: u16) -> PyResult<Self> {
        vm.is_true(args.base.offset(u32::from(idx)))
    }
}

impl FromArg for Qstr {
    /// A string, interned.
    #[inline]
    fn from_arg(vm: &mut Vm, args: &Args, idx: u16) -> PyResult<Self> {
        vm.to_qstr(args.base.offset(u32::from(idx)))
    }
}

impl IntoPy for () {
    #[inline(always)]
    fn into_py(self, vm: &mut Vm, to: Local) -> PyResult<()> {
        vm.heap.set(to, Value::NONE);
        Ok(())
    }
}

impl<T: ?Sized> IntoPy for Local<T> {
    #[inline(always)]
    fn into_py(self, vm: &mut Vm, to: Local) -> PyResult<()> {
        vm.heap.set(to, vm.heap.get(self));
        Ok(())
    }
}

impl IntoPy for bool {
    #[inline(always)]
    fn into_py(self, vm: &mut Vm, to: Local) -> PyResult<()> {
        vm.heap.set(to, Value::from_bool(self));
        Ok(())
    }
}

impl IntoPy for Value<'static> {
    #[inline(always)]
    fn into_py(self, vm: &mut Vm, to: Local) -> PyResult<()> {
        vm.heap.set(to, self);
        Ok(())
    }
}

impl IntoPy for i32 {
    #[inline]
    fn into_py(self, vm: &mut Vm, to: Local) -> PyResult<()> {
        match Value::small(self) {
            Some(value) => vm.heap.set(to, value),
            None => {
                let slot = vm.alloc_int(i64::from(self))?;
                vm.heap.set(to, vm.heap.get(slot));
            }
        }
        Ok(())
    }
}

impl IntoPy for u32 {
    #[inline]
    fn into_py(self, vm: &mut Vm, to: Local) -> PyResult<()> {
        i64::from(self).into_py(vm, to)
    }
}

impl IntoPy for i64 {
    #[inline]
    fn into_py(self, vm: &mut Vm, to: Local) -> PyResult<()> {
        let slot = vm.alloc_int(self)?;
        vm.heap.set(to, vm.heap.get(slot));
        Ok(())
    }
}

impl IntoPy for crate::Float {
    #[inline]
    fn into_py(self, vm: &mut Vm, to: Local) -> PyResult<()> {
        let slot = vm.alloc_float(self)?;
        vm.heap.set(to, vm.heap.get(slot));
        Ok(())
    }
}

impl IntoPy for Qstr {
    #[inline]
    fn into_py(self, vm: &mut Vm, to: Local) -> PyResult<()> {
        vm.heap.set(to, Value::from_qstr(self.0));
        Ok(())
    }
}

impl<T: IntoPy> IntoPy for Option<T> {
    #[inline]
    fn into_py(self, vm: &mut Vm, to: Local) -> PyResult<()> {
        match self {
            Some(value) => value.into_py(vm, to),
            None => ().into_py(vm, to),
        }
    }
}

/// A function that can be a native; implemented for plain functions of up to six arguments.
pub trait Signature<Marker>: Copy {
    /// How many parameters there are.
    const COUNT: u8;
    /// How many of them must be given.
    const REQUIRED: u8;
    /// Whether the last one takes all remaining arguments.
    const REST: bool;
    /// Converts the arguments, calls, and stores the result.
    fn invoke(self, vm: &mut Vm, args: Args) -> PyResult<()>;
}

macro_rules! signatures {
    ($($name:ident $idx:literal),*) => {
        impl<F, R: IntoPy, $($name: FromArg),*> Signature<(R, $($name,)*)> for F
        where
            F: Fn(&mut Vm, $($name),*) -> PyResult<R> + Copy,
        {
            const COUNT: u8 = 0 $(+ { let _ = $idx; 1 })*;
            const REQUIRED: u8 = 0 $(+ if $name::OPTIONAL || $name::REST { 0 } else { 1 })*;
            const REST: bool = false $(|| $name::REST)*;

            #[inline(always)]
            #[allow(non_snake_case, unused_variables, reason = "one name for type and argument")]
            fn invoke(self, vm: &mut Vm, args: Args) -> PyResult<()> {
                $(let $name = $name::from_arg(vm, &args, $idx)?;)*
                self(vm, $($name),*)?.into_py(vm, args.ret)
            }
        }
    };
}

signatures!();
signatures!(A 0);
signatures!(A 0, B 1);
signatures!(A 0, B 1, C 2);
signatures!(A 0, B 1, C 2, D 3);
signatures!(A 0, B 1, C 2, D 3, E 4);
signatures!(A 0, B 1, C 2, D 3, E 4, G 5);

/// The signature of a function, for the table macros.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// As [`Signature::COUNT`].
    pub count: u8,
    /// As [`Signature::REQUIRED`].
    pub required: u8,
    /// As [`Signature::REST`].
    pub rest: bool,
}

/// The shape of `function`'s signature.
pub const fn shape<F: Signature<M>, M>(_function: &F) -> Shape {
    Shape { count: F::COUNT, required: F::REQUIRED, rest: F::REST }
}

/// Calls `function` with converted arguments.
#[inline(always)]
pub fn invoke<F: Signature<M>, M>(function: F, vm: &mut Vm, args: Args) -> PyResult<()> {
    function.invoke(vm, args)
}
