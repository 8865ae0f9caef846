package dev.psat.spire.tomcat;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import org.apache.catalina.startup.Tomcat;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for a Tomcat server that serves the
 * SSL bundle.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass({ Tomcat.class, TomcatWebServerFactory.class, AbstractConfigurableWebServerFactory.class })
public final class TomcatBundleAutoConfiguration {

	@Bean
	static TomcatBundleCustomizer spireTomcatBundleCustomizer(ObjectProvider<SpireWiring> wiring) {
		return new TomcatBundleCustomizer("the web server", wiring);
	}

}
