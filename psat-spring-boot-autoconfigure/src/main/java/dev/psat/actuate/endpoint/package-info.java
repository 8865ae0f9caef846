/** Actuator endpoint that exposes the state of the token, but never the token itself. */
@NullMarked
package dev.psat.actuate.endpoint;

import org.jspecify.annotations.NullMarked;
