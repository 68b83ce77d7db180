//! `for_each_op!`: the instruction set, declared once.
//!
//! The numbers and encodings are those of MicroPython's `.mpy` version 6.3. Everything else that
//! knows opcodes is derived from this table: the enums of this crate, decoder, disassembler,
//! emitter and verifier, and the interpreter's dispatch.
//!
//! One declaration a line:
//!
//! ```text
//! /// `stack before -> stack after`. What it does.
//! number name = Name { operand: Kind, ... } : pops => pushes;
//! ```
//!
//! The top of the stack is on the right. `number` is a range where the opcode carries an operand
//! in itself. `pops` and `pushes` are numbers, or `var` where they depend on the operands
//! (`crate::effect` knows how); for a jump they describe falling through. The kinds of operands
//! are the types of `crate::operand`.
//!
//! `iterator` below stands for four slots of the stack: either an iterator's state, or null, the
//! iterator and two unused ones.

/// Calls `$callback! { ... }` with the table of all instructions.
#[macro_export]
macro_rules! for_each_op {
    ($callback:ident !) => { $crate::for_each_op! { $callback } };
    ($callback:ident) => {
        $callback! {
/// `-> string`. Pushes the string that a name spells.
0x10 load_const_string = LoadConstString { name: NameIndex } : 0 => 1;
/// `-> value`. Pushes the variable of that name: from the locals' dict, globals or builtins.
0x11 load_name = LoadName { name: NameIndex } : 0 => 1;
/// `-> value`. Pushes the variable of that name: from the globals or builtins.
0x12 load_global = LoadGlobal { name: NameIndex } : 0 => 1;
/// `object -> value`. Replaces the object by its attribute.
0x13 load_attr = LoadAttr { name: NameIndex } : 1 => 1;
/// `object -> callable self`. Prepares a method call; `self` is null where there is none to pass.
0x14 load_method = LoadMethod { name: NameIndex } : 1 => 2;
/// `super class self -> callable self`. Prepares `super().name(...)` without a super object.
0x15 load_super_method = LoadSuperMethod { name: NameIndex } : 3 => 2;
/// `value ->`. Sets the variable in the locals' dict.
0x16 store_name = StoreName { name: NameIndex } : 1 => 0;
/// `value ->`. Sets the variable in the globals.
0x17 store_global = StoreGlobal { name: NameIndex } : 1 => 0;
/// `value object ->`. Sets the attribute; a null value deletes it.
0x18 store_attr = StoreAttr { name: NameIndex } : 2 => 0;
/// `->`. Deletes the variable from the locals' dict.
0x19 delete_name = DeleteName { name: NameIndex } : 0 => 0;
/// `->`. Deletes the variable from the globals.
0x1a delete_global = DeleteGlobal { name: NameIndex } : 0 => 0;
/// `level names -> module`. Imports a module.
0x1b import_name = ImportName { name: NameIndex } : 2 => 1;
/// `module -> module value`. Pushes a name out of a module.
0x1c import_from = ImportFrom { name: NameIndex } : 1 => 2;

/// `cell... -> function`. Makes a closure over that many cells.
0x20 make_closure = MakeClosure { child: ChildIndex, cells: Byte } : var => 1;
/// `defaults keyword_defaults cell... -> function`. Makes a closure that has defaults.
0x21 make_closure_defargs = MakeClosureDefargs { child: ChildIndex, cells: Byte } : var => 1;
/// `-> integer`. Pushes a small integer.
0x22 load_const_small_int = LoadConstSmallInt { value: SmallInt } : 0 => 1;
/// `-> object`. Pushes an object of the module's constant table.
0x23 load_const_obj = LoadConstObj { object: ConstIndex } : 0 => 1;
/// `-> value`. Pushes a local variable; it is an error if it has no value.
0x24 load_fast_n = LoadFastN { local: Local } : 0 => 1;
/// `-> value`. Pushes the value of the cell in a local; it is an error if it has no value.
0x25 load_deref = LoadDeref { local: Local } : 0 => 1;
/// `value ->`. Sets a local variable.
0x26 store_fast_n = StoreFastN { local: Local } : 1 => 0;
/// `value ->`. Sets the value of the cell in a local.
0x27 store_deref = StoreDeref { local: Local } : 1 => 0;
/// `->`. Unsets a local variable; it is an error if it has no value.
0x28 delete_fast = DeleteFast { local: Local } : 0 => 0;
/// `->`. Unsets the cell in a local; it is an error if it has no value.
0x29 delete_deref = DeleteDeref { local: Local } : 0 => 0;
/// `item... -> tuple`. Makes a tuple of so many items.
0x2a build_tuple = BuildTuple { count: Uint } : var => 1;
/// `item... -> list`. Makes a list of so many items.
0x2b build_list = BuildList { count: Uint } : var => 1;
/// `-> dict`. Makes an empty dict with room for so many items.
0x2c build_map = BuildMap { count: Uint } : 0 => 1;
/// `item... -> set`. Makes a set of so many items.
0x2d build_set = BuildSet { count: Uint } : var => 1;
/// `start stop -> slice`, or `start stop step -> slice` if the count is 3.
0x2e build_slice = BuildSlice { count: Uint } : var => 1;
/// `... item ->`, or `... value key ->` for a dict. Adds to the collection of a comprehension. The
/// two low bits of `place` are its type (0 list, 1 dict, 2 set); the rest says how many slots
/// below the top it is.
0x2f store_comp = StoreComp { place: Uint } : var => 0;

/// `sequence -> last ... first`. Unpacks exactly so many items; the first becomes the top.
0x30 unpack_sequence = UnpackSequence { count: Uint } : 1 => var;
/// `sequence -> last ... rest ... first`. Unpacks with a starred target: the low byte counts the
/// items before it, the second byte those after it.
0x31 unpack_ex = UnpackEx { counts: Uint } : 1 => var;
/// `-> function`. Makes a function.
0x32 make_function = MakeFunction { child: ChildIndex } : 0 => 1;
/// `defaults keyword_defaults -> function`. Makes a function; either may be null.
0x33 make_function_defargs = MakeFunctionDefargs { child: ChildIndex } : 2 => 1;
/// `callable argument... (name value)... -> result`. Calls; the low byte counts the positional
/// arguments, the second byte the keyword ones.
0x34 call_function = CallFunction { counts: Uint } : var => 1;
/// `callable argument... (name value)... stars -> result`. Calls with unpacking: bit n of `stars`
/// says that positional argument n is unpacked; a keyword argument whose name is null is a `**`.
0x35 call_function_var_kw = CallFunctionVarKw { counts: Uint } : var => 1;
/// `callable self argument... (name value)... -> result`. Calls what `load_method` prepared.
0x36 call_method = CallMethod { counts: Uint } : var => 1;
/// `callable self argument... (name value)... stars -> result`. As `call_function_var_kw`.
0x37 call_method_var_kw = CallMethodVarKw { counts: Uint } : var => 1;

/// `->`. Leaves the low seven bits' number of exception handlers, running the `finally`s among
/// them, then jumps; bit 7 says that an `iterator` is popped as well.
0x40 unwind_jump = UnwindJump { unwind: Unwind } : 0 => 0;
/// `->`. Jumps.
0x42 jump = Jump { offset: JumpSigned } : 0 => 0;
/// `value ->`. Jumps if the value is true.
0x43 pop_jump_if_true = PopJumpIfTrue { offset: JumpSigned } : 1 => 0;
/// `value ->`. Jumps if the value is false.
0x44 pop_jump_if_false = PopJumpIfFalse { offset: JumpSigned } : 1 => 0;
/// `value -> value` and jumps if it is true, else `value ->`.
0x45 jump_if_true_or_pop = JumpIfTrueOrPop { offset: JumpUnsigned } : 1 => 0;
/// `value -> value` and jumps if it is false, else `value ->`.
0x46 jump_if_false_or_pop = JumpIfFalseOrPop { offset: JumpUnsigned } : 1 => 0;
/// `manager -> exit manager entered`. Enters a `with`; its clean-up is at the target.
0x47 setup_with = SetupWith { offset: JumpUnsigned } : 1 => 3;
/// `->`. Enters a `try` whose handler is at the target, which starts with `... exception`.
0x48 setup_except = SetupExcept { offset: JumpUnsigned } : 0 => 0;
/// `->`. Enters a `try` whose `finally` is at the target.
0x49 setup_finally = SetupFinally { offset: JumpUnsigned } : 0 => 0;
/// `->`. Leaves the innermost handler and jumps.
0x4a pop_except_jump = PopExceptJump { offset: JumpUnsigned } : 0 => 0;
/// `iterator -> iterator item`, or `iterator ->` and jumps at the end.
0x4b for_iter = ForIter { offset: JumpUnsigned } : 4 => 5;

/// `-> False`.
0x50 load_const_false = LoadConstFalse {} : 0 => 1;
/// `-> None`.
0x51 load_const_none = LoadConstNone {} : 0 => 1;
/// `-> True`.
0x52 load_const_true = LoadConstTrue {} : 0 => 1;
/// `-> null`. Pushes the mark that stands for "no value".
0x53 load_null = LoadNull {} : 0 => 1;
/// `-> __build_class__`.
0x54 load_build_class = LoadBuildClass {} : 0 => 1;
/// `object index -> item`.
0x55 load_subscr = LoadSubscr {} : 2 => 1;
/// `value object index ->`. Sets an item; a null value deletes it.
0x56 store_subscr = StoreSubscr {} : 3 => 0;
/// `a -> a a`.
0x57 dup_top = DupTop {} : 1 => 2;
/// `a b -> a b a b`.
0x58 dup_top_two = DupTopTwo {} : 2 => 4;
/// `a ->`.
0x59 pop_top = PopTop {} : 1 => 0;
/// `a b -> b a`.
0x5a rot_two = RotTwo {} : 2 => 2;
/// `a b c -> c a b`.
0x5b rot_three = RotThree {} : 3 => 3;
/// `exit manager cause -> cause`. Calls `__exit__`; cause is as `end_finally` finds it, and None
/// afterwards if an exception was swallowed.
0x5c with_cleanup = WithCleanup {} : 3 => 1;
/// `cause ->`. Ends a `finally` and leaves its handler: goes on if the cause is None, raises it
/// if it is an exception, and goes on unwinding if it is an integer.
0x5d end_finally = EndFinally {} : 1 => 0;
/// `iterable -> iterator_object`. One slot, for comprehensions and `yield from`.
0x5e get_iter = GetIter {} : 1 => 1;
/// `iterable -> iterator`. Four slots, for `for`.
0x5f get_iter_stack = GetIterStack {} : 1 => 4;

/// `dict value key -> dict`. Adds an item.
0x62 store_map = StoreMap {} : 3 => 1;
/// `value ->`. Returns from the function, running the `finally`s on the way.
0x63 return_value = ReturnValue {} : 1 => 0;
/// `->`. Raises the exception being handled again.
0x64 raise_last = RaiseLast {} : 0 => 0;
/// `exception ->`. Raises it.
0x65 raise_obj = RaiseObj {} : 1 => 0;
/// `exception cause ->`. Raises it with a cause.
0x66 raise_from = RaiseFrom {} : 2 => 0;
/// `value -> sent`. Yields.
0x67 yield_value = YieldValue {} : 1 => 1;
/// `iterator_object value -> result`. Yields all that the iterator yields.
0x68 yield_from = YieldFrom {} : 2 => 1;
/// `module ->`. Copies all public names of a module into the locals' dict.
0x69 import_star = ImportStar {} : 1 => 0;

/// `-> integer`. Pushes an integer from -16 to 47.
0x70..=0xaf load_const_small_int_multi = LoadConstSmallIntMulti { value: SmallMulti } : 0 => 1;
/// `-> value`. Pushes one of the first 16 local variables; it is an error if it has no value.
0xb0..=0xbf load_fast_multi = LoadFastMulti { local: Multi } : 0 => 1;
/// `value ->`. Sets one of the first 16 local variables.
0xc0..=0xcf store_fast_multi = StoreFastMulti { local: Multi } : 1 => 0;
/// `a -> operator a`. The operator is a number of `crate::operator::UnaryOp`.
0xd0..=0xd3 unary_op_multi = UnaryOpMulti { operator: Multi } : 1 => 1;
/// `a b -> a operator b`. The operator is a number of `crate::operator::BinaryOp`.
0xd7..=0xf9 binary_op_multi = BinaryOpMulti { operator: Multi } : 2 => 1;
        }
    };
}
