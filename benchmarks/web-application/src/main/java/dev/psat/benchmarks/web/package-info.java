/**
 * The minimal web application whose start is measured.
 */
@NullMarked
package dev.psat.benchmarks.web;

import org.jspecify.annotations.NullMarked;
