package dev.psat.spire.oauth2;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import dev.psat.autoconfigure.PsatProperties;
import dev.psat.autoconfigure.internal.PsatStartupException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.core.log.LogMessage;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.util.StringUtils;

/**
 * Checks at the start that each registration with the method {@code spiffe_jwt} has an
 * audience. A repository in memory is asked; for one that has not been created yet, and
 * would ask the authorization servers, properties are read. All others may ask them, too:
 * their registrations are checked when they are used.
 */
final class ClientRegistrationRule implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(ClientRegistrationRule.class);

	private static final String PREFIX = "spring.security.oauth2.client.";

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	private final SpiffeJwtAuthentication authentication;

	private final Map<String, PsatProperties.Oauth2.Client> clients;

	ClientRegistrationRule(ConfigurableListableBeanFactory beanFactory, Environment environment,
			SpiffeJwtAuthentication authentication, Map<String, PsatProperties.Oauth2.Client> clients) {
		this.beanFactory = beanFactory;
		this.environment = environment;
		this.authentication = authentication;
		this.clients = clients;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.clients.forEach(ClientRegistrationRule::checkNotBlank);
		Set<String> authenticated = new TreeSet<>();
		boolean allKnown = true;
		List<String> repositories = repositories().toList();
		for (String name : repositories) {
			Object repository = this.beanFactory.getSingleton(name);
			if (repository == null) {
				authenticated.addAll(checkProperties());
				allKnown = false;
			}
			else if (repository instanceof InMemoryClientRegistrationRepository
					|| repository instanceof InMemoryReactiveClientRegistrationRepository) {
				authenticated.addAll(check((Iterable<?>) repository));
			}
			else {
				allKnown = false;
			}
		}
		// without a repository here, registrations may be in another context, or in none
		if (allKnown && !repositories.isEmpty()) {
			warnOfOthersThan(authenticated);
		}
	}

	private static void checkNotBlank(String registrationId, PsatProperties.Oauth2.Client client) {
		if (!StringUtils.hasText(client.getAudience())) {
			throw PsatStartupException.ofProperty("psat.oauth2.client.%s.audience".formatted(registrationId),
					client.getAudience(), "It must not be blank.",
					"Set it to the audience that the authorization server expects, or remove it to use the 'issuer-uri' of the provider.");
		}
	}

	private Stream<String> repositories() {
		return Stream.of(ClientRegistrationRepository.class, ReactiveClientRegistrationRepository.class)
			.flatMap((type) -> Stream.of(this.beanFactory.getBeanNamesForType(type, false, false)));
	}

	private List<String> check(Iterable<?> registrations) {
		return StreamSupport.stream(registrations.spliterator(), false)
			.map(ClientRegistration.class::cast)
			.filter(SpiffeJwtAuthentication::isMethodOf)
			.map((registration) -> check(registration.getRegistrationId(), this.authentication.audience(registration)))
			.toList();
	}

	private List<String> checkProperties() {
		Map<String, Registration> registrations = bind("registration", Registration.class);
		Map<String, Provider> providers = bind("provider", Provider.class);
		return registrations.entrySet()
			.stream()
			.filter((entry) -> SpiffeJwtAuthentication.METHOD.equals(entry.getValue().clientAuthenticationMethod()))
			.map((entry) -> check(entry.getKey(), audience(entry.getKey(), entry.getValue(), providers)))
			.toList();
	}

	private @Nullable String audience(String id, Registration registration, Map<String, Provider> providers) {
		PsatProperties.Oauth2.Client client = this.clients.get(id);
		if (client != null) {
			return client.getAudience();
		}
		Provider provider = providers.get((registration.provider() != null) ? registration.provider() : id);
		return (provider != null) ? provider.issuerUri() : null;
	}

	private <T> Map<String, T> bind(String name, Class<T> type) {
		return Binder.get(this.environment).bind(PREFIX + name, Bindable.mapOf(String.class, type)).orElse(Map.of());
	}

	/**
	 * That the identity is disabled is asked last: this may create it, and a mock has no
	 * answer.
	 */
	private String check(String registrationId, @Nullable String audience) {
		if (!StringUtils.hasText(audience) && !this.authentication.isDisabled()) {
			throw new PsatStartupException(SpiffeJwtAuthentication.missingAudience(registrationId),
					SpiffeJwtAuthentication.audienceAdvice(registrationId));
		}
		return registrationId;
	}

	private void warnOfOthersThan(Set<String> authenticated) {
		this.clients.keySet()
			.stream()
			.filter((id) -> !authenticated.contains(id))
			.forEach((id) -> logger.warn(LogMessage.format(
					"'spire.psat.oauth2.client.%s.audience' has no effect, since no client registration '%s' has the client authentication method '%s'",
					id, id, SpiffeJwtAuthentication.METHOD)));
	}

	record Registration(@Nullable String clientAuthenticationMethod, @Nullable String provider) {

	}

	record Provider(@Nullable String issuerUri) {

	}

}
