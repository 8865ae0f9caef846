/**
 * Client authentication at the token endpoint of an OAuth 2.0 authorization server with a
 * JWT-SVID, for registrations of Spring Security with the method {@code spiffe_jwt}.
 */
@NullMarked
package dev.psat.spire.oauth2;

import org.jspecify.annotations.NullMarked;
