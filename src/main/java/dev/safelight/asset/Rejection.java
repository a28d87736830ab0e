package dev.safelight.asset;

/// The verdict that content is refused: a reason for programs and one sentence for people.
///
/// @param detail a sentence that names what was found and what is allowed; never shows text of a decoder, a path or a
///     position read from metadata
public record Rejection(Reason reason, String detail) {}
