/**
 * Auto-configuration for the SPIRE identity, its SSL bundles, and its actuator support.
 *
 * <pre>
 * SpireAutoConfiguration
 *    │
 * properties     SpireProperties, checked by SpirePropertyRules, to which lists are AuthorizedPeers
 *    │           PeerLists, with their files, in a package of their own
 *    │
 * door           IdentityDoor: a SPIRE Server, the Workload API (WorkloadApiRules) or nowhere; tells the token half
 *    │
 * server         ServerConnection: asks the SpireServerConnectionDetails, those of the properties or of the application
 *    │
 * policies       PolicyBeans: beans with @AuthorizesPeers in place of lists, each a PolicyBean by its PolicyBeanDefinition;
 *    │             PolicyTrustDomains tells on which trust domains one decides without any effect
 *    │             ChildContextPolicies lets none be in a child context
 *    │
 * bundles        OwnBundle, IdentityBundles, PolicyBundles: SvidSslBundleRegistrar registers them
 *    │
 * identity       DisabledIdentity, or of the application: TheIdentity finds it; OwnTrustDomainCheck, once it has an SVID
 *    │           SpireIdentityBuilderCustomizer, WorkloadIdentityBuilderCustomizer: the application's, after the properties;
 *    │             UncalledCustomizers warns about those of the other door
 *    │
 * start          EarlyWait: before the beans are created
 *    │           SpireLifecycle: BundleServers and each BundleDemand tell what serves a bundle
 *    │             both wait   StartupWait, for a SvidNeed
 *    │
 * changes        IdentityChanges: SslBundleUpdates first, then SpireEventPublisher
 *
 * properties of Spring Boot that name a bundle: NamedBundles, for a BundleUse
 *    UnknownSpringBoot refuses those whose servers and clients have moved; UnknownBundleProperties warns of all others
 *
 * MissingBundleFailureAnalyzer: where none of this is in the application, as in slices
 * SpireEndpointAutoConfiguration: SpireEndpoint, by SpireDescriptor, and AuthorityUses
 * SpirePeersEndpointAutoConfiguration: SpirePeersEndpoint, to which the lists tell who was never seen
 * </pre>
 */
@NullMarked
package dev.psat.spire.autoconfigure;

import org.jspecify.annotations.NullMarked;
