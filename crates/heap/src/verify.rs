//! The heap verifier. (In progress.)
