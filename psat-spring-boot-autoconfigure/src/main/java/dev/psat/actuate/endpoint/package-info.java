/**
 * The actuator endpoint that shows the state of the token, and never the token.
 */
@NullMarked
package dev.psat.actuate.endpoint;

import org.jspecify.annotations.NullMarked;
