/**
 * Auto-configuration for the SPIRE identity and its SSL bundles.
 *
 * <pre>
 * SpireAutoConfiguration
 *    │
 * Wiring         what becomes of SpireProperties, checked by SpirePropertyRules:
 *    │             IdentityDoor (WorkloadApiRules): a SPIRE Server, the Workload API or nowhere
 *    │             PolicyBeans, each a PolicyBean by its PolicyBeanDefinition, in place of lists
 *    │             RegisteredBundles: OwnBundle, IdentityBundles, and those of policies
 *    │
 * identity       of ServerConnection, of the Workload API, DisabledIdentity, or the application's: TheIdentity finds it
 *    │             once it has an SVID: OwnTrustDomainCheck, PolicyTrustDomains
 *    │
 * start          EarlyWait, before the beans are created; SpireLifecycle; both wait by StartupWait, for a SvidNeed
 *    │
 * changes        IdentityChanges: SslBundleUpdates first, then events
 * </pre>
 */
@NullMarked
package dev.psat.spire.autoconfigure;

import org.jspecify.annotations.NullMarked;
