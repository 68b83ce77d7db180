//! `Numbering`: names and constants in the order in which MicroPython's compiler meets them.
//!
//! It goes through the functions of a module level by level, at first for the names that are no
//! variables', then for all. Ours finishes inner functions before outer ones. So a program is compiled twice here: once to see what each function uses, and then
//! with the numbers that follow, which come out as bytes of the same length and value as there.

use std::collections::VecDeque;

use octopy_bytecode::{Instruction, decode};

use super::{Function, Program};

/// The names that a function uses and those of the functions inside it, as they were numbered at
/// first.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// Its own name.
    pub(super) own: u32,
    /// Those of its parameters.
    pub(super) parameters: Vec<u32>,
    /// All in its code, in order, and whether it is a variable's.
    pub(super) names: Vec<(u32, bool)>,
    pub(super) inner: Vec<Uses>,
}

/// The numbers that names and constants get.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// The names in order.
    pub(super) names: Vec<Vec<u8>>,
    /// The new numbers of constants by their first ones; none for what no code loads.
    pub(super) consts: Vec<Option<u32>>,
    /// How many constants there are.
    pub(super) n_consts: u32,
}

impl Numbering {
    /// The numbering for a program that was compiled once.
    pub(super) fn of(program: &Program, uses: &Uses) -> Self {
        let mut numbering = Self::default();
        let mut is_known = vec![false; program.names.len()];
        let mut add_name = |index: u32| {
            let known = is_known.get_mut(index as usize);
            if let (Some(known @ false), Some(name)) = (known, program.names.get(index as usize)) {
                *known = true;
                numbering.names.push(name.clone());
            }
        };
        // The file's.
        add_name(0);
        let mut waiting = VecDeque::from([uses]);
        while let Some(uses) = waiting.pop_front() {
            add_name(uses.own);
            let others = uses.names.iter().filter(|(_, is_variable)| !is_variable);
            others.for_each(|&(name, _)| add_name(name));
            waiting.extend(&uses.inner);
        }
        let mut waiting = VecDeque::from([(&program.module, uses)]);
        while let Some((function, uses)) = waiting.pop_front() {
            uses.parameters.iter().for_each(|&name| add_name(name));
            uses.names.iter().for_each(|&(name, _)| add_name(name));
            for constant in constants(function) {
                let index = constant as usize;
                if numbering.consts.len() <= index {
                    numbering.consts.resize(index + 1, None);
                }
                if numbering.consts[index].is_none() {
                    numbering.consts[index] = Some(numbering.n_consts);
                    numbering.n_consts += 1;
                }
            }
            waiting.extend(function.children.iter().zip(&uses.inner));
        }
        numbering
    }
}

/// The constants that a function loads.
fn constants(function: &Function) -> impl Iterator<Item = u32> {
    let mut at = 0;
    let instructions = std::iter::from_fn(move || {
        let (instruction, end) = decode(&function.code, at)?;
        at = end;
        Some(instruction)
    });
    instructions.filter_map(|instruction| match instruction {
        Instruction::LoadConstObj { object } => Some(object),
        _ => None,
    })
}
