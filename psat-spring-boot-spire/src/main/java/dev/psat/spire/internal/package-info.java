/**
 * What every kind of identity needs, whoever issues its SVIDs: its start by the first
 * use, the JWT-SVIDs it keeps, the notification of observers, waits and back-off. Public
 * for the packages of this module alone.
 */
@NullMarked
package dev.psat.spire.internal;

import org.jspecify.annotations.NullMarked;
