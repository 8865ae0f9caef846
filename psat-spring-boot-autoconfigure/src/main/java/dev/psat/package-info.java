/**
 * Attestation payloads: how an application proves who it is.
 */
@NullMarked
package dev.psat;

import org.jspecify.annotations.NullMarked;
