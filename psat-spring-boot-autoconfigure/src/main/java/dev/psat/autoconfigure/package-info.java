/**
 * Auto-configuration for the token source, the attestor and the endpoint.
 *
 * <pre>
 * SpringBootVersionCheck   before any bean
 *    │
 * PsatAutoConfiguration ── PsatProperties, checked by PsatPropertyRules when a bean is made
 *    │                       disabled   a source and an attestor that refuse; also where a TokenHalf says
 *    │                                  that no token is needed
 *    │                       enabled    TokenSourceBuilderCustomizer: the application's, after the properties
 *    │                       others     internal.TokenSources: those that the application declares
 *    │
 * PsatLifecycle            starts and stops every source; TokenEventPublisher publishes its changes
 * </pre>
 *
 * Each {@code …FailureAnalyzer} shows what to do about one exception.
 */
@NullMarked
package dev.psat.autoconfigure;

import dev.psat.autoconfigure.internal.TokenSources;
import org.jspecify.annotations.NullMarked;
