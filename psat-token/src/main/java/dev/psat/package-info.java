/** Attestation payloads, which prove the identity of an application. */
@NullMarked
package dev.psat;

import org.jspecify.annotations.NullMarked;
