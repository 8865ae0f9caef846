/**
 * The shop on a laptop: both services, and what they have in a cluster, simulated.
 */
@NullMarked
package dev.psat.shop;

import org.jspecify.annotations.NullMarked;
