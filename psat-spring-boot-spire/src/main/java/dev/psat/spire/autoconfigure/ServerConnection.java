package dev.psat.spire.autoconfigure;

import java.nio.file.Path;
import java.util.function.Function;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.client.ServerAddress;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.NamedBeanHolder;
import org.springframework.core.log.LogMessage;

/**
 * The SPIRE Server that issues the identity.
 *
 * @param address the address of its API
 * @param trustDomain its trust domain
 * @param trustBundle the path of its initial trust bundle
 */
record ServerConnection(ServerAddress address, TrustDomain trustDomain, Path trustBundle) {

	private static final Log logger = LogFactory.getLog(SpireIdentity.class);

	/**
	 * Ask the details. They are looked up, since injection would choose one of several by
	 * parameter name.
	 * @param beanFactory the bean factory
	 * @return the connection
	 * @throws PsatStartupException if there are several, or they come too late, fail or
	 * do not tell everything
	 */
	static ServerConnection in(ConfigurableListableBeanFactory beanFactory) {
		try {
			NamedBeanHolder<SpireServerConnectionDetails> details = beanFactory
				.resolveNamedBean(SpireServerConnectionDetails.class);
			if (!(details.getBeanInstance() instanceof PropertiesSpireServerConnectionDetails)
					&& !isToldByBean(beanFactory)) {
				throw late("'%s' comes".formatted(details.getBeanName()));
			}
			ServerConnection connection = new ServerConnection(
					ask(details, SpireServerConnectionDetails::getAddress, "getAddress"),
					ask(details, SpireServerConnectionDetails::getTrustDomain, "getTrustDomain"),
					ask(details, SpireServerConnectionDetails::getTrustBundle, "getTrustBundle"));
			if (!(details.getBeanInstance() instanceof PropertiesSpireServerConnectionDetails)) {
				connection.tell(details.getBeanName());
			}
			return connection;
		}
		catch (NoUniqueBeanDefinitionException ex) {
			if (!isToldByBean(beanFactory)) {
				throw late("among %s comes".formatted(String.valueOf(ex.getBeanNamesFound())));
			}
			throw new PsatStartupException(
					"The SPIRE Server could be that of any of the SpireServerConnectionDetails beans %s."
						.formatted(String.valueOf(ex.getBeanNamesFound())),
					"Declare the one that counts as @Primary, or each of the others as "
							+ "@Bean(defaultCandidate = false).");
		}
	}

	/**
	 * Of an auto-configuration that is not ordered before ours, which has then taken the
	 * properties for what tells the server, and has checked others against them.
	 */
	private static PsatStartupException late(String beans) {
		return new PsatStartupException(
				"The SpireServerConnectionDetails bean %s after the properties have been taken to tell the SPIRE Server."
					.formatted(beans),
				"If an auto-configuration declares it, order that one before ours: "
						+ "@AutoConfiguration(before = SpireAutoConfiguration.class).");
	}

	/**
	 * Name the bean, since whoever gives advice later knows the properties alone.
	 */
	private void tell(String bean) {
		logger.info(LogMessage.format("The SpireServerConnectionDetails bean '%s' names the SPIRE Server "
				+ "%s of the trust domain '%s'. Advice on 'spire.server.address', '.trust-domain' and "
				+ "'.trust-bundle' is meant for that bean", bean, this.address, this.trustDomain.name()));
	}

	/**
	 * Return whether the application tells the SPIRE Server by a bean, in place of the
	 * properties. No bean is created, since it may need what needs the answer.
	 * @param beanFactory the bean factory
	 * @return whether it does
	 */
	static boolean isToldByBean(ListableBeanFactory beanFactory) {
		if (!isThere(SpireServerConnectionDetails.class, beanFactory)
				&& beanFactory instanceof HierarchicalBeanFactory child
				&& child.getParentBeanFactory() instanceof ListableBeanFactory parent) {
			return isToldByBean(parent);
		}
		return !isThere(PropertiesSpireServerConnectionDetails.class, beanFactory);
	}

	private static boolean isThere(Class<?> type, ListableBeanFactory beanFactory) {
		return beanFactory.getBeanNamesForType(type, true, false).length > 0;
	}

	/**
	 * Ask the details, which are foreign code, whatever they promise.
	 */
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
