//! Operators: their numbers in `unary_op_multi` and `binary_op_multi`.
//!
//! The numbers are MicroPython's. Those behind the last that bytecode can carry name the other
//! things that a type can be asked for; they are ours.

macro_rules! operators {
    ($(#[$doc:meta])* $enum:ident { $($name:ident = $method:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "the names say it")]
        pub enum $enum { $($name),* }

        impl $enum {
            /// All of them, in order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The operator with that number.
            pub fn from_number(number: u32) -> Option<Self> {
                Self::ALL.get(number as usize).copied()
            }

            /// The method that implements it, or how it is written where there is none.
            pub const fn method(self) -> &'static str {
                match self { $(Self::$name => $method),* }
            }
        }
    };
}

operators! {
    /// Operators with one operand. The first four are in bytecode.
    UnaryOp {
        Positive = "__pos__",
        Negative = "__neg__",
        Invert = "__invert__",
        Not = "not",
        Bool = "__bool__",
        Len = "__len__",
        Hash = "__hash__",
        Abs = "__abs__",
        Int = "__int__",
        Float = "__float__",
        Complex = "__complex__",
        Sizeof = "__sizeof__",
    }
}

operators! {
    /// Operators with two operands. Those up to `Power` are in bytecode.
    BinaryOp {
        Less = "__lt__",
        More = "__gt__",
        Equal = "__eq__",
        LessEqual = "__le__",
        MoreEqual = "__ge__",
        NotEqual = "__ne__",
        In = "in",
        Is = "is",
        ExceptionMatch = "except",
        InplaceOr = "__ior__",
        InplaceXor = "__ixor__",
        InplaceAnd = "__iand__",
        InplaceLshift = "__ilshift__",
        InplaceRshift = "__irshift__",
        InplaceAdd = "__iadd__",
        InplaceSubtract = "__isub__",
        InplaceMultiply = "__imul__",
        InplaceMatMultiply = "__imatmul__",
        InplaceFloorDivide = "__ifloordiv__",
        InplaceTrueDivide = "__itruediv__",
        InplaceModulo = "__imod__",
        InplacePower = "__ipow__",
        Or = "__or__",
        Xor = "__xor__",
        And = "__and__",
        Lshift = "__lshift__",
        Rshift = "__rshift__",
        Add = "__add__",
        Subtract = "__sub__",
        Multiply = "__mul__",
        MatMultiply = "__matmul__",
        FloorDivide = "__floordiv__",
        TrueDivide = "__truediv__",
        Modulo = "__mod__",
        Power = "__pow__",
        Divmod = "__divmod__",
        Contains = "__contains__",
        ReverseOr = "__ror__",
        ReverseXor = "__rxor__",
        ReverseAnd = "__rand__",
        ReverseLshift = "__rlshift__",
        ReverseRshift = "__rrshift__",
        ReverseAdd = "__radd__",
        ReverseSubtract = "__rsub__",
        ReverseMultiply = "__rmul__",
        ReverseMatMultiply = "__rmatmul__",
        ReverseFloorDivide = "__rfloordiv__",
        ReverseTrueDivide = "__rtruediv__",
        ReverseModulo = "__rmod__",
        ReversePower = "__rpow__",
    }
}

/// How many unary operators bytecode can carry.
pub const UNARY_IN_BYTECODE: u32 = UnaryOp::Not as u32 + 1;
/// How many binary operators bytecode can carry.
pub const BINARY_IN_BYTECODE: u32 = BinaryOp::Power as u32 + 1;

impl BinaryOp {
    /// The operator of an augmented assignment without the assignment; others stay.
    pub fn without_inplace(self) -> Self {
        let number = self as u32;
        let first = Self::InplaceOr as u32;
        if (first..Self::Or as u32).contains(&number) {
            Self::from_number(number - first + Self::Or as u32).unwrap_or(self)
        } else {
            self
        }
    }

    /// What the right operand is asked when the left does not know: `__add__` gives `__radd__`.
    pub fn reversed(self) -> Option<Self> {
        match self {
            Self::Less => Some(Self::More),
            Self::More => Some(Self::Less),
            Self::LessEqual => Some(Self::MoreEqual),
            Self::MoreEqual => Some(Self::LessEqual),
            Self::Equal | Self::NotEqual => Some(self),
            _ => {
                let number = (self as u32).checked_sub(Self::Or as u32)?;
                if number > Self::Power as u32 - Self::Or as u32 {
                    return None;
                }
                Self::from_number(number + Self::ReverseOr as u32)
            }
        }
    }
}
