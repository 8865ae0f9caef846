package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import dev.psat.PsatAttestor;
import dev.psat.actuate.endpoint.PsatEndpoint;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStateChangedEvent;
import dev.psat.spire.SvidRotatedEvent;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.actuate.endpoint.ShownIdentity;
import dev.psat.spire.health.SpireHealthIndicator;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.internal.EngineHandshake;
import dev.psat.support.Patience;
import dev.psat.token.TokenUnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.beans.BeansEndpoint;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.awaitility.Awaitility.await;

/**
 * An application that says all that it can, and writes its secrets into a file. It runs
 * several times, each time until there is an SVID or something has gone wrong.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class DisclosingApplication {

	/**
	 * Run.
	 * @param arguments the file for the secrets, the number of runs, and the properties
	 */
	public static void main(String[] arguments) throws IOException {
		RecordedKeys.begin();
		Path secrets = Path.of(arguments[0]);
		String[] properties = Arrays.copyOfRange(arguments, 2, arguments.length);
		for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
			SpringApplication application = new SpringApplication(DisclosingApplication.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			try (ConfigurableApplicationContext context = application.run(properties)) {
				SpireIdentity identity = context.getBean(SpireIdentity.class);
				// no test, so that there is no default
				await().atMost(Patience.LIMIT)
					.until(() -> identity.status().lastError() != null || identity.status().state().isUp());
				disclose(context);
				if (identity.status().state() == SpireState.READY) {
					keepKey(identity, secrets);
					obtainJwtSvids(identity, secrets);
					callItself(context.getBean(SpiffeSslBundle.class).createSslContext());
					disclose(context);
				}
			}
		}
		for (String key : RecordedKeys.inHex()) {
			keep(secrets, "key " + key);
		}
	}

	private static void obtainJwtSvids(SpireIdentity identity, Path secrets) throws IOException {
		for (String audience : List.of("garbage", "refused", "bank")) {
			try {
				JwtSvid svid = identity.jwtSvid(audience);
				keep(secrets, "token " + svid.token());
				disclose(svid);
				disclose(new JsonMapper().writeValueAsString(svid));
			}
			catch (SvidUnavailableException ex) {
				disclose(ex);
			}
		}
	}

	private static void callItself(SSLContext context) {
		try {
			EngineHandshake.begin(context, context, "TLSv1.3").end();
		}
		catch (SSLException ex) {
			disclose(ex);
		}
	}

	private static void disclose(ConfigurableApplicationContext context) {
		JsonMapper mapper = new JsonMapper();
		disclose(mapper.writeValueAsString(context.getBean(PsatEndpoint.class).psat()));
		disclose(ShownIdentity.of(context).toString());
		disclose(ShownIdentity.peers(context).toString());
		disclose(mapper.writeValueAsString(context.getBean(HealthEndpoint.class).health()));
		disclose(context.getBean(SpireHealthIndicator.class).health());
		disclose(mapper.writeValueAsString(context.getBean(EnvironmentEndpoint.class).environment(null)));
		disclose(mapper.writeValueAsString(
				context.getBean(ConfigurationPropertiesReportEndpoint.class).configurationProperties()));
		disclose(mapper.writeValueAsString(context.getBean(BeansEndpoint.class).beans()));
		context.getBean(MeterRegistry.class).getMeters().forEach((meter) -> {
			disclose(meter.getId());
			disclose(meter.measure());
		});
		for (String name : context.getBeanDefinitionNames()) {
			if (name.contains("psat") || name.contains("spire")) {
				disclose(context.getBean(name));
			}
		}
		try {
			disclose(context.getBean(PsatAttestor.class).payload());
		}
		catch (TokenUnavailableException ex) {
			disclose(ex);
		}
		SpireIdentity identity = context.getBean(SpireIdentity.class);
		if (identity instanceof TlsIdentity offering) {
			disclose(offering.snapshot());
			disclose(mapper.writeValueAsString(offering.snapshot()));
			disclose(String.valueOf(offering.snapshot().svid()));
			disclose(mapper.writeValueAsString(offering.snapshot().svid()));
		}
		disclose(identity.status());
		disclose(mapper.writeValueAsString(identity.status()));
		for (Supplier<?> value : List.<Supplier<?>>of(identity::x509Svid, identity::trustBundle)) {
			try {
				disclose(value.get());
			}
			catch (SvidUnavailableException ex) {
				disclose(ex);
			}
		}
		Thread.getAllStackTraces().keySet().forEach(DisclosingApplication::disclose);
	}

	private static void disclose(Object value) {
		System.out.println("Disclosed: " + value);
		if (value instanceof SvidUnavailableException unavailable) {
			unavailable.printStackTrace(System.out);
			System.out.println(unavailable.advice());
		}
	}

	/**
	 * Keep a private key that was not generated here, but handed out.
	 */
	private static void keepKey(SpireIdentity identity, Path secrets) throws IOException {
		KeyedSvid svid = (identity instanceof TlsIdentity offering) ? offering.snapshot().svid() : null;
		if (svid != null && svid.privateKey() instanceof ECPrivateKey key) {
			keep(secrets, "key " + "%064x".formatted(key.getS()));
		}
	}

	private static void keep(Path secrets, String secret) throws IOException {
		Files.writeString(secrets, secret + "\n", StandardOpenOption.APPEND);
	}

	@Bean
	SimpleMeterRegistry meterRegistry() {
		return new SimpleMeterRegistry();
	}

	@Bean
	ObservationHandler<Observation.Context> observationHandler() {
		return new ObservationHandler<>() {

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

			@Override
			public void onStop(Observation.Context context) {
				disclose(context);
				Throwable error = context.getError();
				if (error != null) {
					error.printStackTrace(System.out);
				}
			}

		};
	}

	@EventListener
	void rotated(SvidRotatedEvent event) {
		disclose(event);
	}

	@EventListener
	void changed(SpireStateChangedEvent event) {
		disclose(event);
	}

}
