/**
 * The documentation's example in plain Java, with the Workload API.
 */
@NullMarked
package dev.psat.docs.workload;

import org.jspecify.annotations.NullMarked;
