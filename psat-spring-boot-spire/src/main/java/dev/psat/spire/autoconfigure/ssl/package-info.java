/**
 * Auto-configuration for the servers and clients that use an SSL bundle of the identity,
 * with a class for each library that needs special treatment. Servers are configured for
 * any {@code SpiffeSslBundle}, even if the application has created it without the rest of
 * the auto-configuration, and in child contexts: served from its stores, a bundle has no
 * key, since it could not decide who may connect. Clients are configured for any
 * {@code SvidSslBundle}; an {@code IdentitySslBundle} is for them alone.
 *
 * <pre>
 * web servers    WebServerBundleCustomizer, a ServerPostProcessor: in child contexts by BundleContextInitializer
 *    │             by server   TomcatBundleCustomizer, JettyBundleCustomizer, ReactorNettyBundleCustomizer
 *    │             certificate ClientAuthRule, OptionalCertificates
 *    │             afterwards  WebServerStartCheck stops what serves the bundle without its context
 *    │
 * other servers  GrpcServerBundleCustomizer, GrpcServerClientAuth; RSocketBundleRule refuses
 *
 * their          NettyConnections closes channels whose connections have ended, and says goodbye before:
 * connections      ReactorNettyRetirement; GrpcServerConnectionsCustomizer, GrpcServerConnections
 *                JettyRetirement; Tomcat's is in dev.psat.spire.tomcat
 *
 * HTTP clients   RequestFactoryBuilderCustomizer (blocking), ConnectorBuilderCustomizer (reactive)
 *    │             by client   HttpComponents-, JettyClient-, ReactorClientBundleConfiguration
 * gRPC clients   GrpcChannelCredentialsPostProcessor
 *    │             connections GrpcFollowedCredentials
 * RabbitMQ       RabbitStreamBundleCustomizer, for streams alone
 * </pre>
 *
 * {@code SvidBundles} finds the bundles that either uses, under any name;
 * {@code ServedBundleRule} stops a server with one that is for clients alone;
 * {@code PsatStartupException} stops a start that would let anybody connect.
 */
@NullMarked
package dev.psat.spire.autoconfigure.ssl;

import org.jspecify.annotations.NullMarked;
