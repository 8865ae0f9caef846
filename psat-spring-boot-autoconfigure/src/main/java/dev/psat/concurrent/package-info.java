/**
 * Threads that end and waits that can be cut short, for the modules of this project.
 */
@NullMarked
package dev.psat.concurrent;

import org.jspecify.annotations.NullMarked;
