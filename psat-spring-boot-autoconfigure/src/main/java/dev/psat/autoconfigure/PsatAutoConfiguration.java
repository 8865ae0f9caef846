package dev.psat.autoconfigure;

import java.util.function.Supplier;

import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.internal.Customizers;
import dev.psat.autoconfigure.internal.TokenHalf;
import dev.psat.autoconfigure.internal.TokenSources;
import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenSourceBuilder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.log.LogMessage;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for attestation with a projected
 * service account token.
 * <p>
 * The token source is for SPIRE only, since whoever receives its token can attest as this
 * pod. Give any other system its own projected file and its own source, declared as
 * {@code @Bean(defaultCandidate = false)}.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@EnableConfigurationProperties(PsatProperties.class)
public final class PsatAutoConfiguration {

	private static final Log logger = LogFactory.getLog(PsatAutoConfiguration.class);

	// Conditions check beans only, never properties, since AOT processing would freeze
	// them

	/**
	 * Comes first and asks for the source last, so that a missing property is reported
	 * alone, without a word about a missing token.
	 */
	@Bean
	@ConditionalOnMissingBean
	PsatAttestor psatAttestor(PsatProperties properties, ObjectProvider<TokenHalf> declared,
			ConfigurableListableBeanFactory beanFactory) {
		Supplier<AttestationDisabledException> refusal = refusal(properties, declared);
		if (refusal != null) {
			return new DisabledAttestor(refusal);
		}
		PsatPropertyRules.checkAttestor(properties, TokenHalf.of(declared).advice());
		TokenSources.DefaultSource source = TokenSources.byDefault(beanFactory, PsatAutoConfiguration.class);
		if (properties.getAudience().isEmpty() && source.replacesOurs()) {
			logger.warn(LogMessage.format("Tokens of the source '%s' are sent to the SPIRE Server regardless of their "
					+ "audience, since 'spire.psat.audience' is empty.", source.name()));
		}
		return PsatAttestor.of(String.valueOf(properties.getCluster()), source.source(), properties.getAudience());
	}

	@Bean
	@ConditionalOnMissingBean
	TokenSource psatTokenSource(PsatProperties properties, ObjectProvider<TokenHalf> declared,
			ObjectProvider<TokenSourceBuilderCustomizer> customizers, ConfigurableListableBeanFactory beanFactory) {
		Supplier<AttestationDisabledException> refusal = refusal(properties, declared);
		if (refusal != null) {
			return new DisabledTokenSource(refusal);
		}
		TokenSourceBuilder builder = PsatPropertyRules.sourceBuilder(properties);
		new Customizers<>(TokenSourceBuilderCustomizer.class, customizers, beanFactory)
			.each((customizer) -> customizer.customize(builder));
		return builder.build();
	}

	/**
	 * A {@code SmartLifecycle} is always created and takes the attestor, so that an
	 * invalid property fails startup before looking for a token, even with lazy
	 * initialization.
	 */
	@Bean
	PsatLifecycle psatLifecycle(PsatProperties properties, ObjectProvider<TokenHalf> declared,
			ConfigurableListableBeanFactory beanFactory, PsatAttestor attestor, ApplicationEventPublisher publisher,
			Environment environment) {
		// once more, since some sources come late, and some contexts call no initializer
		RenamedProperties.check(environment);
		boolean attests = refusal(properties, declared) == null;
		if (attests) {
			PsatPropertyRules.sourceBuilder(properties);
		}
		TokenSources.DefaultSource source = TokenSources.byDefault(beanFactory, PsatAutoConfiguration.class);
		// none may have the name of the default one
		TokenSources.furtherNames(beanFactory);
		if (attests && source.replacesOurs()) {
			logger.warn(LogMessage.format("The token source '%s' of the application replaces the default one, "
					+ "so its tokens are sent to the SPIRE Server. If it is meant for another system, "
					+ "declare it as @Bean(defaultCandidate = false).", source.name()));
		}
		return new PsatLifecycle(beanFactory, source.source(), attestor, attests && properties.isFailFast(),
				attests ? new TokenEventPublisher(publisher, beanFactory.getBeanClassLoader()) : null);
	}

	/** How the token is refused, {@code null} if it is not. */
	private static @Nullable Supplier<AttestationDisabledException> refusal(PsatProperties properties,
			ObjectProvider<TokenHalf> declared) {
		if (!properties.isEnabled()) {
			return AttestationDisabledException::byProperty;
		}
		TokenHalf tokenHalf = TokenHalf.of(declared);
		return tokenHalf.needed() ? null : () -> AttestationDisabledException.by(tokenHalf);
	}

	/** A class, since a test cannot spy on a lambda. */
	private static final class DisabledAttestor implements PsatAttestor {

		private final Supplier<AttestationDisabledException> refusal;

		private DisabledAttestor(Supplier<AttestationDisabledException> refusal) {
			this.refusal = refusal;
		}

		@Override
		public AttestationPayload payload() {
			throw this.refusal.get();
		}

	}

	private static final class DisabledTokenSource implements TokenSource {

		private final Supplier<AttestationDisabledException> refusal;

		private DisabledTokenSource(Supplier<AttestationDisabledException> refusal) {
			this.refusal = refusal;
		}

		@Override
		public ProjectedToken current() {
			throw this.refusal.get();
		}

	}

}
