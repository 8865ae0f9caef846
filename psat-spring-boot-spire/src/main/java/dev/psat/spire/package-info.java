/**
 * The SPIRE half: from the attestation payload to an X.509-SVID that is always in force,
 * with no SPIRE Agent. {@link SpireIdentity} is what an application injects.
 */
@NullMarked
package dev.psat.spire;

import org.jspecify.annotations.NullMarked;
