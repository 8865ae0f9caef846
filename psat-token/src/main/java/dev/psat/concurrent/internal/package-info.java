/**
 * Time, threads that end, waits that can be cut short, and the delivery to listeners, for
 * the modules of this project.
 */
@NullMarked
package dev.psat.concurrent.internal;

import org.jspecify.annotations.NullMarked;
