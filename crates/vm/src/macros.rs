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
//! `float`, `name`, `value`. A row may have a `#[cfg(...)]` behind its documentation. Python names
//! that are Rust keywords have a trailing underscore, as in `qstr::q`.

/// One row.
#[doc(hidden)]
#[macro_export]
macro_rules! __row {
    ($name:ident = int ($value:expr)) => { $crate::rom::Row::int($crate::q::$name, $value) };
    ($name:ident = float ($value:expr)) => {
        $crate::rom::Row::float($crate::q::$name, $value as $crate::Float)
    };
    ($name:ident = name ($value:ident)) => {
        $crate::rom::Row::name_value($crate::q::$name, $crate::q::$value)
    };
    ($name:ident = value ($value:expr)) => { $crate::rom::Row::value($crate::q::$name, $value) };
    ($name:ident = function $args:tt) => { $crate::__row!(@native $name, Function, $args) };
    ($name:ident = method $args:tt) => { $crate::__row!(@native $name, Method, $args) };
    ($name:ident = class_method $args:tt) => { $crate::__row!(@native $name, ClassMethod, $args) };
    ($name:ident = property $args:tt) => { $crate::__row!(@native $name, Property, $args) };
    (@native $name:ident, $role:ident, $args:tt) => {{
        const NATIVE: $crate::rom::Native =
            $crate::__native! $args.with_role($crate::rom::Role::$role);
        $crate::rom::Row::native(
            $crate::q::$name,
            NATIVE,
            &$crate::rom::Keyworded { call: NATIVE.call, keywords: NATIVE.keywords },
        )
    }};
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
            convention: $crate::rom::Convention::open(SHAPE.required, $raw),
            keywords: &[],
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
            convention: $crate::rom::Convention::counted(
                if SHAPE.required < POSITIONAL { SHAPE.required } else { POSITIONAL },
                POSITIONAL,
            ),
            keywords: KEYWORDS,
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
            $crate::__row!($name = $kind $args).documented(concat!($($doc, "\n"),*))
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
