/**
 * An agent that hands out identities on this machine, for contracts that hold for
 * simulated and for real ones.
 */
@NullMarked
package dev.psat.support.agent;

import org.jspecify.annotations.NullMarked;
