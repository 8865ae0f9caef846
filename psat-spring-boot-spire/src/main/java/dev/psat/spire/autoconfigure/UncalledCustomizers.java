package dev.psat.spire.autoconfigure;

import dev.psat.spire.SpireIdentity;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.log.LogMessage;

/**
 * Warns of customizers for an identity that comes from elsewhere. An application with
 * both kinds knows.
 */
final class UncalledCustomizers {

	private static final Log logger = LogFactory.getLog(SpireIdentity.class);

	private UncalledCustomizers() {
	}

	static void besideWorkloadApi(ListableBeanFactory beanFactory) {
		warn(SpireIdentityBuilderCustomizer.class, "the identity comes from the Workload API",
				WorkloadIdentityBuilderCustomizer.class, beanFactory);
	}

	static void besideServer(ListableBeanFactory beanFactory) {
		warn(WorkloadIdentityBuilderCustomizer.class, "a SPIRE Server issues the identity",
				SpireIdentityBuilderCustomizer.class, beanFactory);
	}

	private static void warn(Class<?> uncalled, String reason, Class<?> called, ListableBeanFactory beanFactory) {
		if (names(called, beanFactory).length > 0) {
			return;
		}
		for (String name : names(uncalled, beanFactory)) {
			logger.warn(LogMessage.format(
					"The %s bean '%s' has no effect, since %s. Declare a %s instead, "
							+ "or both if the application runs in both ways",
					uncalled.getSimpleName(), name, reason, called.getSimpleName()));
		}
	}

	private static String[] names(Class<?> type, ListableBeanFactory beanFactory) {
		return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, type, true, false);
	}

}
