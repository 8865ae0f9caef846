/**
 * Keeps the newest projected service account token in memory: reads, judges and watches
 * the file that kubelet writes.
 */
@NullMarked
package dev.psat.token;

import org.jspecify.annotations.NullMarked;
