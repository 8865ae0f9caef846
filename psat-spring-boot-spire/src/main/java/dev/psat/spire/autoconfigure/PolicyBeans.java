package dev.psat.spire.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.PeerPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.util.StringUtils;

/**
 * The {@link PeerPolicy} beans of the application, and for whom each decides. Nobody may
 * be let in because one of them was overlooked.
 */
final class PolicyBeans {

	private final List<PolicyBean> all = new ArrayList<>();

	private final PolicyTrustDomains trustDomains = new PolicyTrustDomains(this.all);

	private final Map<Direction, PolicyBean> byDirection = new EnumMap<>(Direction.class);

	private final Map<String, PolicyBean> byBundle = new LinkedHashMap<>();

	private final ConfigurableListableBeanFactory beanFactory;

	private PolicyBeans(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	static PolicyBeans in(ConfigurableListableBeanFactory beanFactory) {
		PolicyBeans beans = new PolicyBeans(beanFactory);
		for (PolicyBeanDefinition definition : PolicyBeanDefinition.in(beanFactory, false)) {
			beans.add(definition);
		}
		return beans;
	}

	private void add(PolicyBeanDefinition definition) {
		AuthorizesPeers annotation = definition.annotation();
		PolicyBean bean = new PolicyBean(definition.name(), definition.beanFactory());
		this.all.add(bean);
		Set<Direction> directions = new LinkedHashSet<>(List.of(annotation.value()));
		boolean named = StringUtils.hasText(annotation.bundle());
		if (directions.isEmpty() == !named) {
			throw new PsatStartupException(
					"The PeerPolicy bean '%s' has to decide %s.".formatted(definition.name(),
							named ? "either in a direction or for an SSL bundle, but says both"
									: "in a direction or for an SSL bundle, but says neither"),
					PolicyBeanDefinition.HOW_TO_ANNOTATE);
		}
		directions.forEach((direction) -> put(this.byDirection, direction, bean,
				(direction == Direction.INBOUND) ? "those who call this application" : "those whom it calls"));
		if (named) {
			put(this.byBundle, annotation.bundle(), bean, "the SSL bundle '%s'".formatted(annotation.bundle()));
		}
	}

	private static <K> void put(Map<K, PolicyBean> beans, K key, PolicyBean bean, String whom) {
		PolicyBean other = beans.putIfAbsent(key, bean);
		if (other != null) {
			throw new PsatStartupException(
					"The PeerPolicy beans '%s' and '%s' both decide for %s.".formatted(other.name(), bean.name(), whom),
					"Let one of them decide for others, or declare it as @Bean(defaultCandidate = false) without @AuthorizesPeers, and let the other one ask it.");
		}
	}

	Map<String, PolicyBean> byBundle() {
		return Collections.unmodifiableMap(this.byBundle);
	}

	@Nullable String nameFor(Direction direction) {
		PolicyBean bean = this.byDirection.get(direction);
		return (bean != null) ? bean.name() : null;
	}

	/** Fails if a property says who may connect where a bean decides. */
	PeerLists replace(PeerLists lists, SpireProperties.Bundle properties) {
		PeerLists left = lists;
		PolicyBean clients = this.byDirection.get(Direction.INBOUND);
		if (clients != null) {
			alone(clients, "client", properties.getAuthorizedClients(), properties.getAuthorizedClientsFile(),
					properties.isAuthorizeAnyClient());
			left = left.with(Direction.INBOUND, clients);
		}
		PolicyBean servers = this.byDirection.get(Direction.OUTBOUND);
		if (servers != null) {
			alone(servers, "server", properties.getAuthorizedServers(), properties.getAuthorizedServersFile(),
					properties.isAuthorizeAnyServer());
			left = left.with(Direction.OUTBOUND, servers);
		}
		return left;
	}

	private static void alone(PolicyBean bean, String peer, Collection<String> list, @Nullable String file,
			boolean any) {
		if (!list.isEmpty()) {
			throw beside(bean, peer, "bundle.authorized-%ss[0]".formatted(peer), list.iterator().next());
		}
		if (file != null) {
			throw beside(bean, peer, "bundle.authorized-%ss-file".formatted(peer), file);
		}
		if (any) {
			throw beside(bean, peer, "bundle.authorize-any-" + peer, true);
		}
	}

	private static PsatStartupException beside(PolicyBean bean, String peer, String property, Object value) {
		return PsatStartupException.ofProperty(property, value,
				"The PeerPolicy bean '%s' decides on %ss, so the property has no say.".formatted(bean.name(), peer),
				"Remove the property, and let the bean decide on the peers that it means. Or let @AuthorizesPeers name an SSL bundle for the bean.");
	}

	PsatStartupException nameIsTaken(String bundle) {
		PolicyBean bean = this.byBundle.get(bundle);
		return new PsatStartupException(
				"The application has another SSL bundle named '%s' than that of the PeerPolicy bean '%s'."
					.formatted(bundle, (bean != null) ? bean.name() : bundle),
				"Let @AuthorizesPeers name another one, or rename the SSL bundle of the application.");
	}

	/**
	 * None was overlooked, since its type could not be told, or it is in a child context.
	 */
	void checkComplete(ConfigurableListableBeanFactory beanFactory) {
		for (PolicyBeanDefinition definition : PolicyBeanDefinition.in(beanFactory, true)) {
			checkKnown(definition.name(), definition.beanFactory());
		}
		for (String name : beanFactory.getBeanNamesForAnnotation(AuthorizesPeers.class)) {
			checkKnown(PolicyBeanDefinition.withoutProxy(name, beanFactory), beanFactory);
		}
	}

	private void checkKnown(String name, ConfigurableListableBeanFactory beanFactory) {
		if (this.all.stream().noneMatch((bean) -> bean.is(name, beanFactory))) {
			throw new PsatStartupException(
					"The PeerPolicy bean '%s' would decide for nobody, since the SSL bundle of the SPIRE identity was made without it."
						.formatted(name),
					"Declare it in the application context that has the SPIRE identity, or its parent, by a method whose return type is PeerPolicy or a class of yours that implements it.");
		}
	}

	/** Those of a child context come too late to decide for anybody. */
	void checkChild(ApplicationContext context, ConfigurableListableBeanFactory child) {
		if (child == this.beanFactory) {
			return;
		}
		Stream<String> annotated = Stream.of(child.getBeanDefinitionNames())
			.filter((name) -> !PolicyBeanDefinition.annotations(name, child).isEmpty())
			.map((name) -> PolicyBeanDefinition.withoutProxy(name, child));
		Stream<String> candidates = PolicyBeanDefinition.names(child, false)
			.stream()
			.filter((name) -> PolicyBeanDefinition.isCandidate(name, child));
		Stream.concat(annotated, candidates).findFirst().ifPresent((name) -> {
			throw new PsatStartupException(
					"The PeerPolicy bean '%s' of the context '%s' would decide for nobody, since the SSL bundle of the SPIRE identity was made in the parent of that context, and without it."
						.formatted(name, context.getId()),
					"Declare it in the application context that has the SPIRE identity. If it is meant for something else, declare it as @Bean(defaultCandidate = false) without @AuthorizesPeers.");
		});
	}

	void create() {
		if (!this.all.isEmpty()) {
			this.all.forEach(PolicyBean::bean);
			this.trustDomains.created();
		}
	}

	void own(TrustDomain own, Set<TrustDomain> federated) {
		this.trustDomains.own(own, federated);
	}

	void close() {
		this.trustDomains.close();
	}

}
