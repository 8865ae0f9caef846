package dev.psat.spire.autoconfigure;

import java.util.List;

import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatProperties;
import dev.psat.autoconfigure.internal.Customizers;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.SpireProperties.Svid.WaitFor;
import dev.psat.spire.autoconfigure.internal.BundleServers;
import dev.psat.spire.server.SpireIdentityBuilder;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.workload.WorkloadIdentityBuilder;
import dev.psat.token.TokenSource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.SslInfo;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
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
@AutoConfiguration(after = { PsatAutoConfiguration.class, SslAutoConfiguration.class },
		beforeName = { "org.springframework.boot.actuate.autoconfigure.info.InfoContributorAutoConfiguration",
				"org.springframework.boot.health.autoconfigure.application.SslHealthContributorAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.ssl.SslMetricsAutoConfiguration" })
@ConditionalOnBean({ PsatProperties.class, PsatAttestor.class })
@EnableConfigurationProperties(SpireProperties.class)
public final class SpireAutoConfiguration {

	// Conditions consider beans only, never properties, since AOT processing would freeze
	// those

	/** Advice of the application applies to its interfaces, since its class is final. */
	@Bean
	@ConditionalOnMissingBean
	@Proxyable(ProxyType.INTERFACES)
	SpireIdentity spireIdentity(SpireProperties properties, Wiring wiring, PsatAttestor attestor,
			ObjectProvider<TokenSource> tokenSource, ObjectProvider<SpireIdentityBuilderCustomizer> customizers,
			ObjectProvider<WorkloadIdentityBuilderCustomizer> workloadCustomizers,
			ConfigurableListableBeanFactory beanFactory) {
		IdentityDoor door = wiring.door();
		if (door.disabledBy() != null) {
			return new IdentityDoor.DisabledIdentity(door.disabledBy());
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
			ServerConnection server = ServerConnection.isToldByBean(beanFactory) ? ServerConnection.ofBean(beanFactory)
					: ServerConnection.of(properties.getServer(), door.otherwise());
			SpirePropertyRules.checkPeers(properties, server.trustDomain());
			SpireIdentityBuilder builder = SpirePropertyRules.identityBuilder(properties, attestor, server)
				.tokenSource(tokenSource.getIfUnique());
			new Customizers<>(SpireIdentityBuilderCustomizer.class, customizers, beanFactory)
				.each((customizer) -> customizer.customize(builder));
			identity = builder.build();
		}
		identity.addObserver(new OwnTrustDomainCheck(properties, wiring.peers(), wiring.policies()));
		wiring.own().present(identity);
		return identity;
	}

	@Bean
	@ConditionalOnMissingBean
	Wiring spireWiring(SpireProperties properties, PsatProperties psatProperties, Environment environment,
			ConfigurableListableBeanFactory beanFactory) {
		return new Wiring(properties, psatProperties, environment, beanFactory);
	}

	/**
	 * Does not give way to another bean of the type, which may be made of this one. That
	 * one is injected, so that the start gets as far as to {@link OwnBundle#checkAlone}.
	 */
	@Bean
	@Fallback
	@ConditionalOnMissingBean(name = "spireSslBundle")
	SpiffeSslBundle spireSslBundle(Wiring wiring) {
		return wiring.bundle();
	}

	@Bean
	@ConditionalOnMissingBean
	RegisteredBundles.Registrar spireSslBundleRegistrar(Wiring wiring) {
		return new RegisteredBundles.Registrar(wiring.bundles());
	}

	/**
	 * Without ours: Spring Boot's health indicator expects certificates that live for
	 * months, and would list every X.509-SVID as expiring.
	 */
	@Bean
	@ConditionalOnSingleCandidate(SslBundles.class)
	@ConditionalOnMissingBean
	SslInfo spireSslInfo(SslBundles bundles, SpireProperties properties) {
		return new SslInfo(properties.getBundle().isSslInfo() ? bundles : new OtherSslBundles(bundles));
	}

	@Bean
	static EarlyWait spireEarlyWait(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		return new EarlyWait(beanFactory, environment);
	}

	/**
	 * Is never lazy and requires the identity, so an invalid property also fails a lazy
	 * start.
	 */
	@Bean
	SpireLifecycle spireLifecycle(ConfigurableListableBeanFactory beanFactory, ApplicationEventPublisher publisher,
			SpireProperties properties, Wiring wiring, ObjectProvider<SpiffeSslBundle> candidates,
			ObjectProvider<BundleServers.Demand> demands, ObjectProvider<SslBundleRegistry> registry,
			ObjectProvider<SslBundles> bundles, Environment environment) {
		wiring.own().checkAlone(candidates.stream(), beanFactory);
		SpireLifecycle.TheIdentity identity = SpireLifecycle.TheIdentity.in(beanFactory);
		StartupWait wait = StartupWait.of(identity.bean(), wiring.own(), properties, environment,
				() -> need(wiring.servers().expecting(demands), properties));
		bundles.ifUnique(wiring.bundles()::check);
		SslBundleUpdates updates = new SslBundleUpdates(wiring.bundles().byName(), registry.getIfUnique(),
				wiring.servers());
		IdentityChanges changes = new IdentityChanges(updates, new IdentityChanges.Events(publisher),
				beanFactory.getBeanClassLoader());
		return new SpireLifecycle(identity, changes, wait, wiring.servers(), wiring.policies(), beanFactory);
	}

	private static @Nullable SvidNeed need(List<String> servers, SpireProperties properties) {
		if (!servers.isEmpty()) {
			return SvidNeed.toServe(servers);
		}
		return (properties.getSvid().getWaitFor() == WaitFor.ALWAYS) ? SvidNeed.toConnect() : null;
	}

}
