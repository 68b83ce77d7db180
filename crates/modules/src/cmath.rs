//! `cmath`: functions of complex numbers.

use crate::math::float::MathFloat;
use octopy_vm::types::complex;
use octopy_vm::{Float, Kind, Local, PyResult, Vm, module, q};

module! {
    /// Functions of complex numbers.
    pub static CMATH = cmath (crate::table::CMATH) {
        __name__ = name (cmath),
        /// Euler's number.
        e = float (core::f64::consts::E),
        /// The ratio of a circle's circumference to its diameter.
        pi = float (core::f64::consts::PI),
        /// Cosine.
        cos = function (cos, z),
        /// A power of e.
        exp = function (exp, z),
        /// The natural logarithm.
        log = function (log, z),
        /// The logarithm with base 10.
        log10 = function (log10, z),
        /// The angle.
        phase = function (phase, z),
        /// Distance and angle.
        polar = function (polar, z),
        /// The number with this distance and angle.
        rect = function (rect, r, phi),
        /// Sine.
        sin = function (sin, z),
        /// Square root.
        sqrt = function (sqrt, z),
    }
}

/// The parts of a number.
fn parts(vm: &mut Vm, z: Local) -> PyResult<(Float, Float)> {
    if let Some(parts) = complex::parts(vm, z) {
        return Ok(parts);
    }
    if vm.heap.is_kind(vm.heap.get(z), Kind::Instance)
        && let Some(method) = vm.opt_attr(z, q::__complex__)?
    {
        let converted = vm.call(method, &[])?;
        if let Some(parts) = complex::parts(vm, converted) {
            return Ok(parts);
        }
    }
    Ok((vm.to_float(z)?, 0.0))
}

fn distance(re: Float, im: Float) -> Float {
    MathFloat::hypot(re, im)
}

fn angle(re: Float, im: Float) -> Float {
    MathFloat::atan2(im, re)
}

/// The number with this distance and angle, pushed.
fn turned(vm: &mut Vm, distance: Float, angle: Float) -> PyResult<Local> {
    complex::alloc(vm, distance * MathFloat::cos(angle), distance * MathFloat::sin(angle))
}

fn phase(vm: &mut Vm, z: Local) -> PyResult<Float> {
    let (re, im) = parts(vm, z)?;
    Ok(angle(re, im))
}

fn polar(vm: &mut Vm, z: Local) -> PyResult<Local> {
    let (re, im) = parts(vm, z)?;
    let first = vm.alloc_float(distance(re, im))?;
    vm.alloc_float(angle(re, im))?;
    vm.alloc_tuple(first, 2)
}

fn rect(vm: &mut Vm, r: Float, phi: Float) -> PyResult<Local> {
    turned(vm, r, phi)
}

fn exp(vm: &mut Vm, z: Local) -> PyResult<Local> {
    let (re, im) = parts(vm, z)?;
    turned(vm, MathFloat::exp(re), im)
}

fn log(vm: &mut Vm, z: Local) -> PyResult<Local> {
    let (re, im) = parts(vm, z)?;
    complex::alloc(vm, MathFloat::log(distance(re, im)), angle(re, im))
}

fn log10(vm: &mut Vm, z: Local) -> PyResult<Local> {
    let (re, im) = parts(vm, z)?;
    let scale = core::f64::consts::LOG10_E as Float;
    complex::alloc(vm, MathFloat::log10(distance(re, im)), scale * angle(re, im))
}

fn sqrt(vm: &mut Vm, z: Local) -> PyResult<Local> {
    let (re, im) = parts(vm, z)?;
    turned(vm, MathFloat::sqrt(distance(re, im)), angle(re, im) / 2.0)
}

fn cos(vm: &mut Vm, z: Local) -> PyResult<Local> {
    let (re, im) = parts(vm, z)?;
    complex::alloc(
        vm,
        MathFloat::cos(re) * MathFloat::cosh(im),
        -MathFloat::sin(re) * MathFloat::sinh(im),
    )
}

fn sin(vm: &mut Vm, z: Local) -> PyResult<Local> {
    let (re, im) = parts(vm, z)?;
    complex::alloc(
        vm,
        MathFloat::sin(re) * MathFloat::cosh(im),
        MathFloat::cos(re) * MathFloat::sinh(im),
    )
}
