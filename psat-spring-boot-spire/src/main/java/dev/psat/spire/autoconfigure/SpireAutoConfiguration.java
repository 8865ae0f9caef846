package dev.psat.spire.autoconfigure;

import java.util.List;
import java.util.function.Supplier;

import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.Customizers;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatProperties;
import dev.psat.autoconfigure.internal.TokenHalf;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.SpireProperties.Svid.WaitFor;
import dev.psat.spire.autoconfigure.authorization.PeerLists;
import dev.psat.spire.autoconfigure.SpireProperties.Bundle.OpenConnections;
import dev.psat.spire.autoconfigure.internal.OwnBundle;
import dev.psat.spire.server.SpireIdentityBuilder;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.workload.WorkloadIdentityBuilder;
import dev.psat.token.TokenSource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.ProxyType;
import org.springframework.context.annotation.Proxyable;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the identity that a SPIRE Server
 * issues or the Workload API hands out, and the SSL bundle that presents it.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { PsatAutoConfiguration.class, SslAutoConfiguration.class })
@ConditionalOnBean({ PsatProperties.class, PsatAttestor.class })
@EnableConfigurationProperties(SpireProperties.class)
public final class SpireAutoConfiguration {

	// Conditions consider beans only, never properties, since AOT processing would freeze
	// those

	/**
	 * Create the identity. Advice of the application applies to its interfaces, since its
	 * class is final.
	 */
	@Bean
	@ConditionalOnMissingBean
	@Proxyable(ProxyType.INTERFACES)
	SpireIdentity spireIdentity(SpireProperties properties, IdentityDoor door, PsatAttestor attestor,
			ObjectProvider<TokenSource> tokenSource, OwnBundle own, PeerLists peers, PolicyBeans policies,
			ObjectProvider<SpireIdentityBuilderCustomizer> customizers,
			ObjectProvider<WorkloadIdentityBuilderCustomizer> workloadCustomizers,
			ConfigurableListableBeanFactory beanFactory) {
		if (door.disabledBy() != null) {
			return new DisabledIdentity(door.disabledBy());
		}
		SpireIdentity identity;
		if (door.workloadApi() != null) {
			UncalledCustomizers.besideWorkloadApi(beanFactory);
			WorkloadIdentityBuilder builder = SpirePropertyRules.identityBuilder(properties, door.workloadApi());
			new Customizers<>(WorkloadIdentityBuilderCustomizer.class, workloadCustomizers, beanFactory)
				.each((customizer) -> customizer.customize(builder));
			identity = builder.build();
		}
		else {
			UncalledCustomizers.besideServer(beanFactory);
			ServerConnection server = ServerConnection.in(beanFactory);
			SpirePropertyRules.checkPeers(properties, server.trustDomain());
			SpireIdentityBuilder builder = SpirePropertyRules.identityBuilder(properties, attestor, server)
				.tokenSource(tokenSource.getIfUnique());
			new Customizers<>(SpireIdentityBuilderCustomizer.class, customizers, beanFactory)
				.each((customizer) -> customizer.customize(builder));
			identity = builder.build();
		}
		identity.addObserver(new OwnTrustDomainCheck(properties, peers, policies));
		own.present(identity);
		return identity;
	}

	@Bean
	@ConditionalOnMissingBean
	IdentityDoor spireIdentityDoor(SpireProperties properties, PsatProperties psatProperties, Environment environment,
			ListableBeanFactory beanFactory) {
		return IdentityDoor.of(properties, psatProperties, environment, ServerConnection.isToldByBean(beanFactory));
	}

	@Bean
	@ConditionalOnMissingBean(SpireServerConnectionDetails.class)
	PropertiesSpireServerConnectionDetails spireServerConnectionDetails(SpireProperties properties, IdentityDoor door) {
		return new PropertiesSpireServerConnectionDetails(properties, door.otherwise());
	}

	@Bean
	@ConditionalOnMissingBean
	TokenHalf spireTokenHalf(IdentityDoor door) {
		return door.tokenHalf();
	}

	@Bean
	@ConditionalOnMissingBean
	PolicyBeans spirePolicyBeans(ConfigurableListableBeanFactory beanFactory) {
		return PolicyBeans.in(beanFactory);
	}

	@Bean
	@ConditionalOnMissingBean
	PeerLists spirePeerLists(SpireProperties properties, IdentityDoor door, PolicyBeans policies,
			Environment environment) {
		ListKeys.check(environment);
		return door.isEnabled()
				? policies.replace(SpirePropertyRules.peers(properties, door.trustDomain()), properties.getBundle())
				: PeerLists.refusing("is not authorized, since the SPIRE identity is disabled");
	}

	@Bean
	@ConditionalOnMissingBean
	OwnBundle spireOwnBundle(SpireProperties properties, PeerLists peers) {
		return new OwnBundle(SpirePropertyRules.bundleName(properties), peers, SpirePropertyRules.options(properties),
				properties.getBundle().getOpenConnections() == OpenConnections.KEEP);
	}

	/**
	 * Expose the bundle. Another bean of the type does not replace it, since that bean
	 * may be made of this one, but wins where it is injected, so that the start gets as
	 * far as to {@link OwnBundle#checkAlone}.
	 */
	@Bean
	@Fallback
	@ConditionalOnMissingBean(name = "spireSslBundle")
	SpiffeSslBundle spireSslBundle(OwnBundle own) {
		return own.bundle();
	}

	@Bean
	@ConditionalOnMissingBean
	IdentityBundles spireIdentityBundles(SpireProperties properties, IdentityDoor door, OwnBundle own) {
		return new IdentityBundles(SpirePropertyRules.identityBundles(properties), own, door.isEnabled());
	}

	@Bean
	@ConditionalOnMissingBean
	PolicyBundles spirePolicyBundles(PolicyBeans policies, OwnBundle own) {
		return new PolicyBundles(policies.byBundle(), own);
	}

	@Bean
	@ConditionalOnMissingBean
	SvidSslBundleRegistrar spireSslBundleRegistrar(OwnBundle own, IdentityBundles identityBundles,
			PolicyBundles policyBundles) {
		return new SvidSslBundleRegistrar(own, identityBundles, policyBundles);
	}

	@Bean
	@ConditionalOnMissingBean
	BundleServers spireBundleServers(OwnBundle own, PeerLists peers, PolicyBeans policies) {
		return new BundleServers(own.bundle(), peers.clients(), policies.nameFor(Direction.INBOUND));
	}

	/**
	 * Create the early wait, which binds no properties and creates no identity unless it
	 * has to.
	 */
	@Bean
	static EarlyWait spireEarlyWait(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		return new EarlyWait(
				() -> Binder.get(environment).bind("spire.svid.wait-for", WaitFor.class).orElse(WaitFor.SERVERS),
				() -> {
					TheIdentity identity = TheIdentity.in(beanFactory);
					StartupWait wait = startupWait(identity.bean(), beanFactory.getBean(OwnBundle.class),
							beanFactory.getBean(SpireProperties.class), StartupWait.Place.of(environment),
							SvidNeed::toConnect);
					if (identity.ofThisContext()) {
						identity.bean().start();
					}
					return wait;
				});
	}

	/**
	 * Create the lifecycle. A {@code SmartLifecycle} is never lazy and requires the
	 * identity, so an invalid property also fails the start with lazy initialization.
	 */
	@Bean
	SpireLifecycle spireLifecycle(ConfigurableListableBeanFactory beanFactory, ApplicationEventPublisher publisher,
			SpireProperties properties, OwnBundle own, IdentityBundles identityBundles, PolicyBeans policies,
			PolicyBundles policyBundles, ObjectProvider<SpiffeSslBundle> candidates, BundleServers servers,
			ObjectProvider<BundleDemand> demands, ObjectProvider<SslBundleRegistry> registry,
			ObjectProvider<SslBundles> bundles, Environment environment) {
		own.checkAlone(candidates.stream(), beanFactory);
		TheIdentity identity = TheIdentity.in(beanFactory);
		StartupWait wait = startupWait(identity.bean(), own, properties, StartupWait.Place.of(environment),
				() -> need(servers.expecting(demands), properties));
		SslBundleUpdates updates = SslBundleUpdates.of(own, identityBundles, policyBundles, registry.getIfUnique(),
				bundles.getIfUnique(), servers);
		IdentityChanges changes = new IdentityChanges(updates, new SpireEventPublisher(publisher),
				beanFactory.getBeanClassLoader());
		return new SpireLifecycle(identity, changes, wait, servers, policies, beanFactory);
	}

	private static @Nullable SvidNeed need(List<String> servers, SpireProperties properties) {
		if (!servers.isEmpty()) {
			return SvidNeed.toServe(servers);
		}
		return (properties.getSvid().getWaitFor() == WaitFor.ALWAYS) ? SvidNeed.toConnect() : null;
	}

	private static StartupWait startupWait(SpireIdentity identity, OwnBundle own, SpireProperties properties,
			StartupWait.Place place, Supplier<@Nullable SvidNeed> need) {
		own.present(identity);
		return new StartupWait(identity, own.bundle(), SpirePropertyRules.svidWait(properties), place, need);
	}

}
