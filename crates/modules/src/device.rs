//! Python's memory lent to devices, and waiting for them.

use octopy_hal::Board;
use octopy_vm::types::buffer::BufferLook;
use octopy_vm::{PyResult, Qstr, Vm};

/// Lends the bytes of a run to a device that reads them.
pub(crate) fn lend<R>(
    vm: &mut Vm,
    look: &BufferLook,
    body: impl FnOnce(&mut dyn Board, &[u8]) -> R,
) -> R {
    let (start, end) = (look.at as usize, look.at as usize + look.len as usize);
    if let Some(number) = vm.heap.get(look.object).as_qstr() {
        // A name in flash; those made at run time are looked at through their object.
        let text = Qstr(number).rom_text().unwrap_or("").as_bytes();
        return body(vm.board(), text.get(start..end).unwrap_or_default());
    }
    let (heap, board) = vm.heap_and_board();
    let value = heap.get(look.object);
    let all = if value.is_ref() { heap.raw_bytes(value, 0) } else { &[] };
    body(board, all.get(start..end).unwrap_or_default())
}

/// Lends the memory of a run to a device that fills it. Nothing if the run is not writable.
pub(crate) fn lend_mut<R>(
    vm: &mut Vm,
    look: &BufferLook,
    body: impl FnOnce(&mut dyn Board, &mut [u8]) -> R,
) -> R {
    let (start, end) = (look.at as usize, look.at as usize + look.len as usize);
    if !look.writable || !vm.heap.get(look.object).is_ref() {
        return body(vm.board(), &mut []);
    }
    let (heap, board) = vm.heap_and_board();
    let all = heap.bytes_mut(look.object, 0);
    body(board, all.get_mut(start..end).unwrap_or_default())
}

/// Waits a little for something to happen, at most until `deadline` in microseconds since start.
/// False when the deadline has passed. KeyboardInterrupt and scheduled functions come through.
pub(crate) fn pause(vm: &mut Vm, deadline: Option<u64>) -> PyResult<bool> {
    vm.check_interrupt()?;
    if deadline.is_some_and(|deadline| vm.board().micros() >= deadline) {
        return Ok(false);
    }
    vm.board().wait(deadline);
    vm.check_interrupt()?;
    Ok(true)
}

/// The deadline that is so many microseconds away.
pub(crate) fn after(vm: &mut Vm, micros: u64) -> u64 {
    vm.board().micros().saturating_add(micros)
}

/// Whether this is a board and not a program on a PC: its text streams have CRLF line ends and its
/// time starts in 2000.
pub(crate) fn is_board(vm: &mut Vm) -> bool {
    !vm.board().identity().mcu.is_empty()
}
