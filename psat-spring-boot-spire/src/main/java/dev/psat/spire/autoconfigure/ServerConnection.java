package dev.psat.spire.autoconfigure;

import java.nio.file.Path;
import java.util.function.Function;

import dev.psat.autoconfigure.internal.PathProperty;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.client.ServerAddress;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.NamedBeanHolder;
import org.springframework.core.log.LogMessage;
import org.springframework.util.StringUtils;

record ServerConnection(ServerAddress address, TrustDomain trustDomain, Path trustBundle) {

	private static final Log logger = LogFactory.getLog(SpireIdentity.class);

	private static final String WAYS_OUT = """
			Tell the application of its SPIRE Server, for example

			    spire:
			      server:
			        address: spire-server.spire:8081
			        trust-domain: example.org
			        trust-bundle: /run/spire/bundle/bundle.crt

			In a test, add dev.psat:psat-spring-boot-spire-test and, to the test class, \
			@Import(SimulatedSpireServerConfiguration.class), which sets all three. \
			To do without an identity, set 'spire.server.enabled' to 'false'.%s""";

	/**
	 * @param otherwise what else to do if the address is missing
	 */
	static ServerConnection of(SpireProperties.Server properties, @Nullable String otherwise) {
		ServerAddress address = SpirePropertyRules.parse("server.address",
				required("server.address", properties.getAddress(), "where to attest", otherwise), ServerAddress::parse,
				"Set it to the host and port of the SPIRE Server's API, such as 'spire-server.spire:8081'.");
		TrustDomain trustDomain = trustDomain(
				required("server.trust-domain", properties.getTrustDomain(), "which SPIRE Server to trust", null));
		Path trustBundle = PathProperty.parse("server.trust-bundle",
				required("server.trust-bundle", properties.getTrustBundle(), "how to verify the SPIRE Server", null),
				"Set it to the path of the SPIRE Server's trust bundle in the container.");
		return new ServerConnection(address, trustDomain, trustBundle);
	}

	static TrustDomain trustDomain(String trustDomain) {
		return SpirePropertyRules.parse("server.trust-domain", trustDomain, TrustDomain::of,
				"Set it to the 'trust_domain' of the SPIRE Server, such as 'example.org'.");
	}

	private static String required(String name, @Nullable String value, String reason, @Nullable String otherwise) {
		if (!StringUtils.hasText(value)) {
			throw PsatStartupException.ofProperty(name, value,
					"It is required: the application has to know %s.".formatted(reason),
					WAYS_OUT.formatted((otherwise != null) ? "\n\n" + otherwise : ""));
		}
		return value;
	}

	/** No bean is created, since it may need what needs the answer. */
	static boolean isToldByBean(ConfigurableListableBeanFactory beanFactory) {
		for (String name : beanFactory.getBeanNamesForType(SpireServerConnectionDetails.class, true, false)) {
			if (PolicyBeanDefinition.isCandidate(name, beanFactory)) {
				return true;
			}
		}
		return beanFactory.getParentBeanFactory() instanceof ConfigurableListableBeanFactory parent
				&& isToldByBean(parent);
	}

	/** It is looked up, since injection would choose one of several by parameter name. */
	static ServerConnection ofBean(ConfigurableListableBeanFactory beanFactory) {
		try {
			NamedBeanHolder<SpireServerConnectionDetails> details = beanFactory
				.resolveNamedBean(SpireServerConnectionDetails.class);
			ServerConnection connection = new ServerConnection(
					ask(details, SpireServerConnectionDetails::getAddress, "getAddress"),
					ask(details, SpireServerConnectionDetails::getTrustDomain, "getTrustDomain"),
					ask(details, SpireServerConnectionDetails::getTrustBundle, "getTrustBundle"));
			// what gives advice later knows only the properties
			logger.info(LogMessage.format(
					"The SpireServerConnectionDetails bean '%s' names the SPIRE Server "
							+ "%s of the trust domain '%s'. Advice on 'spire.server.address', '.trust-domain' and "
							+ "'.trust-bundle' is meant for that bean",
					details.getBeanName(), connection.address, connection.trustDomain.name()));
			return connection;
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw new PsatStartupException(
					"The SPIRE Server could be that of any of the SpireServerConnectionDetails beans %s."
						.formatted(String.valueOf(ex.getBeanNamesFound())),
					"Declare the one that counts as @Primary, or each of the others as "
							+ "@Bean(defaultCandidate = false).");
		}
	}

	private static <T> T ask(NamedBeanHolder<SpireServerConnectionDetails> details,
			Function<SpireServerConnectionDetails, T> question, String method) {
		@Nullable T answer;
		try {
			answer = question.apply(details.getBeanInstance());
		}
		catch (Exception ex) {
			throw PsatStartupException.ofBean(SpireServerConnectionDetails.class, details.getBeanName(), ex);
		}
		if (answer == null) {
			throw new PsatStartupException(
					"The SpireServerConnectionDetails bean '%s' does not tell everything about the SPIRE Server: %s() has returned null."
						.formatted(details.getBeanName(), method),
					"Let it return a value. Or, to have the properties 'spire.server.address', '.trust-domain' and '.trust-bundle' tell, remove the bean. To do without an identity, set 'spire.server.enabled' to 'false'.");
		}
		return answer;
	}

}
