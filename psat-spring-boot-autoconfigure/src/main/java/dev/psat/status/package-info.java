/**
 * What health, endpoint and meters have in common: how they ask sources and attestors.
 */
@NullMarked
package dev.psat.status;

import org.jspecify.annotations.NullMarked;
