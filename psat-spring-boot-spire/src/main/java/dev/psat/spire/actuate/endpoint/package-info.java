/**
 * Actuator endpoint that exposes which peers this application has seen.
 */
@NullMarked
package dev.psat.spire.actuate.endpoint;

import org.jspecify.annotations.NullMarked;
