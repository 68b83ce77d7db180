//! `class!` and `module!`: native types and modules as static tables.
//!
//! ```text
//! class! {
//!     /// Mutable sequence.
//!     pub static LIST = list (table::LIST) {
//!         slots { new: list_new, print: list_print }
//!         /// Adds `item` at the end.
//!         append = method (append, this, item),
//!         sort = method (sort, this; key, reverse),
//!     }
//! }
//! module! {
//!     /// Mathematical functions.
//!     pub static MATH = math (table::MATH) {
//!         pi = float (core::f64::consts::PI),
//!         sqrt = function (sqrt, x),
//!     }
//! }
//! ```
//!
//! Rows are `name = kind (...)`. Kinds: `function`, `method`, `class_method`, `property` with a Rust
//! function and the names of its parameters (names after `;` are keyword arguments, optional ones
//! being `Option`; the number of names is checked at compile time; `..` as the last name is a
//! `Rest` parameter, `**` one that also takes any keyword arguments); and the constants `int`,
//! `float`, `name`, `value`. A row may have a `#[cfg(...)]` behind its documentation. Python names that are Rust keywords have a trailing underscore, as in
//! `qstr::q`.

/// One row's entry.
#[doc(hidden)]
#[macro_export]
macro_rules! __entry {
    (int ($value:expr)) => { $crate::rom::Entry::Int($value) };
    (float ($value:expr)) => { $crate::rom::Entry::Float(&$value) };
    (name ($value:ident)) => { $crate::rom::Entry::Name($crate::q::$value) };
    (value ($value:expr)) => { $crate::rom::Entry::Value($value) };
    (function $args:tt) => { $crate::rom::Entry::Native($crate::__native! $args) };
    (method $args:tt) => { $crate::rom::Entry::Native($crate::rom::Native {
            role: $crate::rom::Role::Method,
            ..$crate::__native! $args
        }) };
    (class_method $args:tt) => { $crate::rom::Entry::Native($crate::rom::Native {
            role: $crate::rom::Role::ClassMethod,
            ..$crate::__native! $args
        }) };
    (property $args:tt) => { $crate::rom::Entry::Native($crate::rom::Native {
            role: $crate::rom::Role::Property,
            ..$crate::__native! $args
        }) };
}

/// A [`rom::Native`](crate::rom::Native) from a function and the names of its parameters.
#[doc(hidden)]
#[macro_export]
macro_rules! __native {
    ($function:path $(, $name:ident)* , ..) => { $crate::__native!(@rest false, $function, 0 $(+ { let _ = stringify!($name); 1 })*) };
    ($function:path $(, $name:ident)* , **) => { $crate::__native!(@rest true, $function, 0 $(+ { let _ = stringify!($name); 1 })*) };
    (@rest $raw:literal, $function:path, $count:expr) => {{
        const SHAPE: $crate::args::Shape = $crate::args::shape(&$function);
        const _: () = assert!(SHAPE.rest && SHAPE.count == $count + 1, "wrong number of parameter names");
        $crate::rom::Native {
            call: |vm, args| $crate::args::invoke($function, vm, args),
            min: SHAPE.required,
            max: $crate::rom::Native::ANY,
            keywords: None,
            role: $crate::rom::Role::Function,
            raw_keywords: $raw,
        }
    }};
    ($function:path $(, $name:ident)* $(; $($keyword:ident),*)?) => {{
        const SHAPE: $crate::args::Shape = $crate::args::shape(&$function);
        const POSITIONAL: u8 = 0 $(+ { let _ = stringify!($name); 1 })*;
        const KEYWORDS: &[$crate::Qstr] = &[$($($crate::q::$keyword),*)?];
        const _: () = assert!(
            !SHAPE.rest && SHAPE.count as usize == POSITIONAL as usize + KEYWORDS.len(),
            "wrong number of parameter names"
        );
        $crate::rom::Native {
            call: |vm, args| $crate::args::invoke($function, vm, args),
            min: if SHAPE.required < POSITIONAL { SHAPE.required } else { POSITIONAL },
            max: POSITIONAL,
            keywords: if KEYWORDS.is_empty() { None } else { Some(&KEYWORDS) },
            role: $crate::rom::Role::Function,
            raw_keywords: false,
        }
    }};
}

/// The rows of a table, sorted.
#[doc(hidden)]
#[macro_export]
macro_rules! __rows {
    ($($(#[doc = $doc:literal])* $(#[cfg($when:meta)])? $name:ident = $kind:ident $args:tt,)*) => {{
        const COUNT: usize =
            0 $(+ { let _ = stringify!($name); if true $(&& cfg!($when))? { 1 } else { 0 } })*;
        static ROWS: [$crate::rom::Row; COUNT] = $crate::rom::sorted([$(
            $(#[cfg($when)])?
            $crate::rom::Row {
                name: $crate::q::$name,
                entry: $crate::__entry!($kind $args),
                #[cfg(feature = "docs")]
                doc: concat!($($doc, "\n"),*),
            }
        ),*]);
        &ROWS
    }};
}

/// Declares a native type. See the module's documentation.
#[macro_export]
macro_rules! class {
    (
        $(#[doc = $doc:literal])*
        pub static $table:ident = $name:ident ($id:expr $(, $base:expr)?) {
            slots { $($slot:ident : $function:expr),* $(,)? }
            $($rows:tt)*
        }
    ) => {
        $(#[doc = $doc])*
        pub static $table: $crate::rom::Table = $crate::rom::Table {
            id: $id,
            name: $crate::q::$name,
            base: $crate::__base!($($base)?),
            is_type: true,
            slots: $crate::__slots!($($slot: $function),*),
            rows: $crate::__rows!($($rows)*),
            #[cfg(feature = "docs")]
            doc: concat!($($doc, "\n"),*),
        };
    };
    (
        $(#[doc = $doc:literal])*
        pub static $table:ident = $name:ident ($id:expr $(, $base:expr)?) { $($rows:tt)* }
    ) => {
        $crate::class! {
            $(#[doc = $doc])*
            pub static $table = $name ($id $(, $base)?) { slots {} $($rows)* }
        }
    };
}

/// The slots of a class; those without any share one.
#[doc(hidden)]
#[macro_export]
macro_rules! __slots {
    () => { &$crate::rom::Slots::NONE };
    ($($slot:ident : $function:expr),+) => {{
        // A constant and not a static: the linker makes one of equal ones.
        const SLOTS: &$crate::rom::Slots =
            &$crate::rom::Slots { $($slot: Some($function),)* ..$crate::rom::Slots::NONE };
        SLOTS
    }};
}

/// The base of a class.
#[doc(hidden)]
#[macro_export]
macro_rules! __base {
    () => {
        None
    };
    ($base:expr) => {
        Some(&$base)
    };
}

/// Declares a native module. See the module's documentation.
#[macro_export]
macro_rules! module {
    (
        $(#[doc = $doc:literal])*
        pub static $table:ident = $name:ident ($id:expr) { $($rows:tt)* }
    ) => {
        $(#[doc = $doc])*
        pub static $table: $crate::rom::Table = $crate::rom::Table {
            id: $id,
            name: $crate::q::$name,
            base: None,
            is_type: false,
            slots: &$crate::rom::Slots::NONE,
            rows: $crate::__rows!($($rows)*),
            #[cfg(feature = "docs")]
            doc: concat!($($doc, "\n"),*),
        };
    };
}
