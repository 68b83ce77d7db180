//! Sound code is taken, and nothing else.

use super::{FaultKind, Figures, Function, free_variables, survey, verify};
use crate::operand::Unwinding;
use crate::operator::BinaryOp;
use crate::tests::encode;
use crate::{Instruction, Opcode};

use Instruction::*;

const NONE: Instruction = LoadConstNone {};
const BACK: Instruction = ReturnValue {};

/// A generator with two parameters, the first of them free, the third local a cell, and two
/// functions inside it.
fn function(code: &[u8]) -> Function<'_> {
    Function {
        code,
        n_names: 1,
        n_consts: 1,
        n_children: 2,
        n_params: 2,
        n_free: 1,
        cells: &[2],
        is_generator: true,
        max_state: 20,
        max_handlers: 2,
    }
}

fn verified(function: &Function<'_>) -> Result<Figures, FaultKind> {
    let survey = survey(function).map_err(|fault| fault.kind)?;
    let mut scratch = vec![0; survey.words as usize];
    verify(function, &survey, &mut &mut scratch[..]).map_err(|fault| fault.kind)
}

fn verdict(code: &[Instruction]) -> Result<Figures, FaultKind> {
    let code = encode(code);
    verified(&function(&code))
}

fn sound(code: &[Instruction]) -> Figures {
    verdict(code).unwrap_or_else(|kind| panic!("{kind:?}: {code:?}"))
}

fn wrong(code: &[Instruction], kind: FaultKind) {
    assert_eq!(verdict(code), Err(kind), "{code:?}");
}

/// Code that then returns None.
fn returning(code: &[Instruction]) -> Vec<Instruction> {
    [code, &[NONE, BACK]].concat()
}

#[test]
fn figures_are_what_the_code_needs() {
    assert_eq!(sound(&[NONE, BACK]), Figures { n_locals: 3, max_stack: 1, max_handlers: 0 });
    let code =
        [LoadConstNone {}, StoreFastN { local: 9 }, NONE, NONE, BuildTuple { count: 2 }, BACK];
    assert_eq!(sound(&code), Figures { n_locals: 10, max_stack: 2, max_handlers: 0 });
    let code = returning(&[SetupFinally { offset: 1 }, NONE, EndFinally {}]);
    // The handler may have two slots, and one more is counted for what is hidden.
    assert_eq!(sound(&code), Figures { n_locals: 3, max_stack: 3, max_handlers: 1 });
}

#[test]
fn operands_are_in_range() {
    wrong(&[NONE], FaultKind::End);
    wrong(&[], FaultKind::End);
    wrong(&[BACK], FaultKind::Underflow);
    wrong(&[LoadFastN { local: 20 }, BACK], FaultKind::Index);
    wrong(&[LoadFastN { local: u32::MAX }, BACK], FaultKind::Index);
    wrong(&[LoadConstObj { object: 1 }, BACK], FaultKind::Index);
    wrong(&[LoadName { name: 1 }, BACK], FaultKind::Index);
    wrong(&[MakeFunction { child: 2 }, BACK], FaultKind::Index);
    wrong(&[NONE, BuildSlice { count: 1 }, BACK], FaultKind::Index);
    wrong(&[BuildTuple { count: 1 }, BACK], FaultKind::Underflow);
    wrong(&[BuildTuple { count: u32::MAX }, BACK], FaultKind::Underflow);
    wrong(&[NONE, UnpackSequence { count: u32::MAX }, BACK], FaultKind::Overflow);
    wrong(&returning(&[NONE; 18]), FaultKind::Overflow);
}

#[test]
fn jumps_land_on_instructions_of_one_height() {
    sound(&[Jump { offset: -2 }]);
    wrong(&[Jump { offset: -3 }], FaultKind::Jump);
    wrong(&[Jump { offset: 0 }], FaultKind::Jump);
    wrong(&[Jump { offset: 1 }, LoadName { name: 0 }, NONE, BACK], FaultKind::Jump);
    wrong(&[NONE, PopJumpIfTrue { offset: 1 }, NONE, NONE, BACK], FaultKind::Depth);
    sound(&[NONE, JumpIfTrueOrPop { offset: 1 }, NONE, BACK]);
    wrong(&[NONE, Jump { offset: -3 }], FaultKind::Depth);
}

#[test]
fn cells_and_locals_are_apart() {
    for local in [0, 2] {
        sound(&[LoadDeref { local }, StoreDeref { local }, DeleteDeref { local }, NONE, BACK]);
        wrong(&[NONE, StoreFastMulti { local }, NONE, BACK], FaultKind::Cell);
        wrong(&[DeleteFast { local }, NONE, BACK], FaultKind::Cell);
        sound(&[LoadFastMulti { local }, MakeClosure { child: 1, cells: 1 }, BACK]);
    }
    wrong(&[LoadDeref { local: 1 }, BACK], FaultKind::Cell);
    wrong(&[NONE, StoreDeref { local: 3 }, NONE, BACK], FaultKind::Cell);
    sound(&[MakeFunction { child: 0 }, BACK]);
    // A function inside is always made with as many cells.
    let one = [NONE, MakeClosure { child: 1, cells: 1 }, PopTop {}];
    sound(&[&one[..], &one, &[MakeFunction { child: 0 }, BACK]].concat());
    wrong(&[&one[..], &[MakeFunction { child: 1 }, BACK]].concat(), FaultKind::Cell);
    let two = [NONE, NONE, MakeClosure { child: 1, cells: 2 }, BACK];
    wrong(&[&one[..], &two].concat(), FaultKind::Cell);
    let code = encode(&one);
    let code = [&code[..], &encode(&[NONE, BACK])].concat();
    let function = function(&code);
    let survey = survey(&function).unwrap();
    let mut scratch = vec![0; survey.words as usize];
    let scratch = &mut &mut scratch[..];
    verify(&function, &survey, scratch).unwrap();
    assert_eq!([0, 1].map(|child| free_variables(scratch, child)), [None, Some(1)]);
}

#[test]
fn nulls_are_only_where_they_may_be() {
    let null = LoadNull {};
    wrong(&[null, BACK], FaultKind::Kind);
    wrong(&returning(&[null, StoreFastMulti { local: 1 }]), FaultKind::Kind);
    wrong(&[null, DupTop {}, PopTop {}, PopTop {}, NONE, BACK], FaultKind::Kind);
    sound(&returning(&[null, PopTop {}]));
    // `del a.b`, `del a[b]`, and a function without defaults.
    sound(&returning(&[null, NONE, StoreAttr { name: 0 }]));
    sound(&returning(&[NONE, null, RotTwo {}, StoreAttr { name: 0 }]));
    sound(&returning(&[NONE, NONE, null, RotThree {}, StoreSubscr {}]));
    wrong(&returning(&[null, NONE, NONE, RotThree {}, StoreSubscr {}]), FaultKind::Kind);
    sound(&[null, null, MakeFunctionDefargs { child: 0 }, BACK]);
    sound(&[null, null, NONE, MakeClosureDefargs { child: 1, cells: 1 }, BACK]);
    wrong(&[null, NONE, null, MakeClosureDefargs { child: 1, cells: 1 }, BACK], FaultKind::Kind);
    // A method call: the second slot may be null, and is no value.
    let method = [NONE, LoadMethod { name: 0 }];
    sound(&[&method[..], &[CallMethod { counts: 0 }, BACK]].concat());
    wrong(&[&method[..], &[BACK]].concat(), FaultKind::Kind);
    wrong(&[&method[..], &[BuildTuple { count: 2 }, BACK]].concat(), FaultKind::Kind);
    // `f(**a)`.
    let counts = 1 << 8;
    sound(&[NONE, null, NONE, NONE, CallFunctionVarKw { counts }, BACK]);
    wrong(&[NONE, null, NONE, CallFunction { counts }, BACK], FaultKind::Kind);
    wrong(&[null, NONE, NONE, NONE, CallFunctionVarKw { counts }, BACK], FaultKind::Kind);
    // Two ways that meet with different kinds.
    wrong(
        &[NONE, PopJumpIfTrue { offset: 3 }, null, Jump { offset: 1 }, NONE, BACK],
        FaultKind::Kind,
    );
    wrong(
        &[NONE, PopJumpIfTrue { offset: 3 }, null, Jump { offset: 1 }, NONE, PopTop {}, NONE, BACK],
        FaultKind::Depth,
    );
}

#[test]
fn iterators_stay_whole() {
    let body = [ForIter { offset: 3 }, PopTop {}, Jump { offset: -5 }];
    sound(&returning(&[&[NONE, GetIterStack {}], &body[..]].concat()));
    // What a generator expression does with the iterator it was given.
    let null = LoadNull {};
    sound(&returning(&[&[null, NONE, null, null], &body[..]].concat()));
    wrong(&returning(&[&[NONE; 4][..], &body[..]].concat()), FaultKind::Kind);
    wrong(&returning(&[&[NONE, null, null, null], &body[..]].concat()), FaultKind::Kind);
    wrong(&returning(&[&[NONE; 3][..], &body[..]].concat()), FaultKind::Underflow);
    // `break` pops the four slots; three are not enough, and two iterators are not one.
    let broken = |pops: usize| {
        [&[NONE, GetIterStack {}, NONE, GetIterStack {}][..], &vec![PopTop {}; pops], &body]
            .concat()
    };
    sound(&returning(&[&broken(4)[..], &[PopTop {}; 0]].concat()));
    wrong(&returning(&broken(2)), FaultKind::Kind);
    wrong(&[NONE, GetIterStack {}, BACK], FaultKind::Kind);
    wrong(&[NONE, GetIterStack {}, StoreComp { place: 0 }, BACK], FaultKind::Kind);
    let item = [NONE, GetIterStack {}, NONE, StoreComp { place: 3 << 2 }];
    wrong(&returning(&item), FaultKind::Kind);
    let item = [BuildList { count: 0 }, NONE, GetIterStack {}, NONE, StoreComp { place: 5 << 2 }];
    sound(&returning(&item));
}

#[test]
fn handlers_are_left_as_they_were_entered() {
    let finally = SetupFinally { offset: 1 };
    sound(&returning(&[finally, NONE, EndFinally {}]));
    wrong(&returning(&[NONE, EndFinally {}]), FaultKind::Handlers);
    wrong(&returning(&[PopExceptJump { offset: 0 }]), FaultKind::Handlers);
    // Falling into it with anything but None.
    wrong(&returning(&[finally, LoadConstTrue {}, EndFinally {}]), FaultKind::Handlers);
    // The cause is for `end_finally` alone.
    wrong(&returning(&[finally, NONE, PopTop {}, NONE, EndFinally {}]), FaultKind::Kind);
    wrong(&returning(&[finally, NONE, DupTop {}, EndFinally {}]), FaultKind::Kind);
    wrong(&returning(&[finally, NONE, BACK]), FaultKind::Kind);
    wrong(&returning(&[finally, NONE, NONE, EndFinally {}]), FaultKind::Handlers);
    // What was there before the handler is not touched inside it.
    wrong(
        &[NONE, SetupFinally { offset: 2 }, PopTop {}, NONE, EndFinally {}, BACK],
        FaultKind::Underflow,
    );
    wrong(
        &[NONE, SetupFinally { offset: 2 }, RotTwo {}, NONE, EndFinally {}, BACK],
        FaultKind::Underflow,
    );
    // Too deep.
    let three =
        [SetupFinally { offset: 5 }, SetupFinally { offset: 3 }, SetupFinally { offset: 1 }];
    let ends = [NONE, EndFinally {}, NONE, EndFinally {}, NONE, EndFinally {}];
    let nested = |three: [Instruction; 3]| returning(&[&three[..], &ends[..]].concat());
    wrong(&nested(three), FaultKind::Handlers);
    let three =
        [SetupFinally { offset: 9 }, SetupFinally { offset: 5 }, SetupFinally { offset: 1 }];
    wrong(&nested(three), FaultKind::Overflow);
}

#[test]
fn an_exception_handler_is_reached_by_an_exception() {
    let except = SetupExcept { offset: 2 };
    // try: pass; except: pass
    let code = [except, PopExceptJump { offset: 3 }, PopTop {}, PopExceptJump { offset: 0 }];
    sound(&returning(&code));
    // The clause that does not match raises again.
    sound(&returning(&[except, PopExceptJump { offset: 1 }, EndFinally {}]));
    let matching = [
        except,
        PopExceptJump { offset: 7 },
        DupTop {},
        PopJumpIfFalse { offset: 3 },
        PopTop {},
        PopExceptJump { offset: 1 },
        EndFinally {},
    ];
    sound(&returning(&matching));
    // Only the exception itself can be raised again.
    wrong(
        &returning(&[except, PopExceptJump { offset: 3 }, PopTop {}, NONE, EndFinally {}]),
        FaultKind::Handlers,
    );
    // Falling into it.
    wrong(&returning(&[SetupExcept { offset: 1 }, NONE, EndFinally {}]), FaultKind::Handlers);
    // Jumping over to its code, or back out of it.
    wrong(
        &returning(&[
            SetupExcept { offset: 2 },
            Jump { offset: 1 },
            PopTop {},
            PopExceptJump { offset: 0 },
        ]),
        FaultKind::Handlers,
    );
    wrong(
        &returning(&[
            SetupExcept { offset: 2 },
            Jump { offset: -2 },
            PopTop {},
            Jump { offset: -5 },
        ]),
        FaultKind::Handlers,
    );
}

#[test]
fn unwinding_ends_where_the_handler_began() {
    let out_by = |offset, handlers| UnwindJump { unwind: Unwinding { offset, handlers } };
    let out = |handlers| out_by(1, handlers);
    let code = |handlers| returning(&[SetupExcept { offset: 3 }, out(handlers), EndFinally {}]);
    sound(&code(1));
    wrong(&code(2), FaultKind::Handlers);
    wrong(&code(0x81), FaultKind::Underflow);
    sound(&returning(&[
        NONE,
        GetIterStack {},
        SetupExcept { offset: 3 },
        out_by(5, 0x81),
        EndFinally {},
        PopTop {},
        PopTop {},
        PopTop {},
        PopTop {},
        NONE,
        BACK,
    ]));
    sound(&returning(&[
        NONE,
        SetupWith { offset: 5 },
        PopTop {},
        UnwindJump { unwind: Unwinding { offset: 3, handlers: 1 } },
        NONE,
        WithCleanup {},
        EndFinally {},
    ]));
}

#[test]
fn a_with_is_cleaned_up_at_once() {
    let with = |code: &[Instruction]| {
        returning(&[&[NONE, SetupWith { offset: 2 }, PopTop {}, NONE], code].concat())
    };
    sound(&with(&[WithCleanup {}, EndFinally {}]));
    wrong(&with(&[EndFinally {}]), FaultKind::Handlers);
    wrong(&with(&[WithCleanup {}, NONE, PopTop {}, EndFinally {}]), FaultKind::Handlers);
    wrong(&with(&[WithCleanup {}]), FaultKind::Handlers);
    wrong(&with(&[NONE, PopTop {}, BACK]), FaultKind::Kind);
    wrong(&returning(&[NONE, WithCleanup {}, EndFinally {}]), FaultKind::Handlers);
    // The two slots below are the interpreter's.
    wrong(
        &returning(&[
            NONE,
            SetupWith { offset: 3 },
            PopTop {},
            PopTop {},
            NONE,
            WithCleanup {},
            EndFinally {},
        ]),
        FaultKind::Underflow,
    );
}

/// An `async with` with this body (which has the manager below it), and what is behind it.
fn async_with(body: &[Instruction]) -> Vec<Instruction> {
    let aexit = LoadMethod { name: 0 };
    let wait = [CallMethod { counts: 3 }, GetIter {}, NONE, YieldFrom {}];
    let matches = BinaryOpMulti { operator: BinaryOp::ExceptionMatch as u32 };
    let exception = [
        DupTop {},
        RotThree {},
        RotTwo {},
        aexit,
        RotThree {},
        RotThree {},
        DupTop {},
        LoadAttr { name: 0 },
        RotTwo {},
        NONE,
    ];
    let len = |code: &[Instruction]| encode(code).len() as i32;
    let last = [&[aexit, NONE, DupTop {}, DupTop {}][..], &wait, &[PopTop {}]].concat();
    let shuffles = [RotThree {}, RotThree {}];
    let behind_swallow = len(&shuffles) + len(&last);
    let swallow = [PopTop {}, NONE, Jump { offset: behind_swallow }];
    let behind_raise = len(&swallow) + behind_swallow;
    let raise =
        [&exception[..], &wait, &[PopJumpIfFalse { offset: behind_raise }], &swallow].concat();
    let start =
        [DupTop {}, LoadGlobal { name: 0 }, matches, PopJumpIfFalse { offset: len(&raise) }];
    let to_entry = len(&start) + len(&raise) + len(&shuffles);
    let leave = [NONE, RotTwo {}, Jump { offset: to_entry }];
    let guarded = len(body) + len(&leave);
    let setup = [NONE, SetupFinally { offset: guarded }];
    let parts: [&[Instruction]; 8] =
        [&setup, body, &leave, &start, &raise, &shuffles, &last, &[EndFinally {}]];
    returning(&parts.concat())
}

#[test]
fn an_async_with_is_taken_as_a_whole() {
    let figures = sound(&async_with(&[]));
    assert_eq!((figures.max_stack, figures.max_handlers), (9, 1));
    sound(&async_with(&[NONE, PopTop {}]));
    sound(&async_with(&[NONE, BACK, NONE, PopTop {}]));
    wrong(&async_with(&[PopTop {}]), FaultKind::Underflow);
    wrong(&async_with(&[NONE, NONE]), FaultKind::Handlers);
    let code = encode(&async_with(&[]));
    let mut plain = function(&code);
    plain.is_generator = false;
    assert_eq!(verified(&plain), Err(FaultKind::Yield));
    // Any other byte in it makes it something else, which finds the wrong things on the stack.
    let target =
        encode(&[NONE, SetupFinally { offset: 4 }, NONE, RotTwo {}, Jump { offset: 0 }]).len();
    let end = code.len() - encode(&returning(&[])).len();
    let mut taken = 0;
    for at in target..end {
        for byte in 0..=255 {
            let mut code = code.clone();
            if code[at] == byte {
                continue;
            }
            code[at] = byte;
            // Names and the attribute may be others, if there are others.
            taken += u32::from(verified(&function(&code)).is_ok());
        }
    }
    assert_eq!(taken, 0);
    // Jumping into it from outside.
    let mut code = async_with(&[]);
    let len = code.len();
    code.truncate(len - 2);
    code.push(Jump { offset: -3 });
    wrong(&code, FaultKind::Handlers);
}

#[test]
fn only_generators_yield() {
    let code = encode(&[NONE, YieldValue {}, BACK]);
    let mut function = function(&code);
    assert!(verified(&function).is_ok());
    function.is_generator = false;
    assert_eq!(verified(&function), Err(FaultKind::Yield));
}

#[test]
fn every_instruction_has_the_effect_of_the_table() {
    // The verifier's own rules are compared with the table as they run (in debug builds); here each
    // instruction that falls through is made to run, on a stack of values and on one of nulls.
    let mut run = 0;
    for &opcode in Opcode::ALL {
        for stack in [NONE, LoadNull {}] {
            let mut code = encode(&[stack; 8]);
            code.push(opcode as u8);
            code.extend([0; 3]);
            code.truncate(crate::decode(&code, 8).unwrap().1);
            code.extend(encode(&[NONE, BACK]));
            let mut function = function(&code);
            function.max_state = 40;
            run += u32::from(verified(&function).is_ok());
        }
    }
    assert!(run > 50, "{run}");
}

#[test]
fn any_bytes_are_survived() {
    let mut seed = 7_u32;
    let mut code = [0_u8; 40];
    for _ in 0..20_000 {
        for byte in &mut code {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (seed >> 24) as u8;
        }
        let _ = verified(&function(&code));
        // Half of the time mostly valid opcodes, so that the flow is reached.
        for byte in &mut code {
            *byte = Opcode::ALL[usize::from(*byte) % Opcode::ALL.len()] as u8;
        }
        let _ = verified(&function(&code));
    }
}

#[test]
fn too_little_memory_is_noticed() {
    let code =
        encode(&async_with(&[NONE, GetIterStack {}, PopTop {}, PopTop {}, PopTop {}, PopTop {}]));
    let function = function(&code);
    let survey = survey(&function).unwrap();
    for len in 0..survey.words {
        let mut scratch = vec![0; len as usize];
        // What is behind the last note and handler is never touched.
        if let Err(fault) = verify(&function, &survey, &mut &mut scratch[..]) {
            assert_eq!(fault.kind, FaultKind::Scratch, "{len}");
        }
    }
}
