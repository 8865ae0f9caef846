/** Support shared by health, endpoint and meters for querying sources and attestors. */
@NullMarked
package dev.psat.status.internal;

import org.jspecify.annotations.NullMarked;
