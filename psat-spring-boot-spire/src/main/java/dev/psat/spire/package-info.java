/**
 * SPIFFE identity of an application without a SPIRE Agent: from the attestation payload
 * to an X.509-SVID that is renewed before it expires. Applications inject a
 * {@link SpireIdentity}.
 */
@NullMarked
package dev.psat.spire;

import org.jspecify.annotations.NullMarked;
