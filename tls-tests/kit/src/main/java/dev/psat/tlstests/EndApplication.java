package dev.psat.tlstests;

import java.time.Duration;
import java.util.stream.Stream;

import dev.psat.spire.ssl.SpiffeSslBundle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * What an application needs for {@link EndContract}, besides a WebSocket at
 * {@code /socket}, and events at {@code /silent} and a WebSocket at
 * {@code /silent-socket}, which tell the {@link Silents} of their listeners: its server
 * has the bundle {@code policed}.
 */
@Configuration(proxyBeanMethods = false)
@RestController
public class EndApplication {

	/** How often a stream says something. */
	public static final Duration PACE = Duration.ofMillis(2);

	private final Gate gate = new Gate();

	/**
	 * Return the properties of a server that ends nothing on its own while a case lasts.
	 * @param more further properties
	 * @return the properties
	 */
	public static String[] properties(String... more) {
		return Stream.concat(Stream.of("server.port=0", "server.ssl.bundle=policed", "server.http2.enabled=true",
				"server.tomcat.connection-timeout=30m", "server.tomcat.keep-alive-timeout=30m",
				"server.tomcat.max-keep-alive-requests=-1", "server.jetty.connection-idle-timeout=30m",
				"spring.mvc.async.request-timeout=30m"), Stream.of(more))
			.toArray(String[]::new);
	}

	@GetMapping("/greeting")
	public Mono<String> greeting() {
		return Mono.just("hello");
	}

	/**
	 * Answer a request that has been read to its end, and not just as many bytes as it
	 * has announced. Over HTTP/2, Jetty's client sends the end by itself, and its server
	 * resets what is answered before that.
	 * @param name the request
	 * @return the answer
	 */
	@PostMapping("/greeting")
	public Mono<String> greeting(@RequestBody Resource name) {
		return Mono.just("hello");
	}

	@GetMapping("/slow")
	public Mono<String> slow() {
		return Mono.fromFuture(this.gate.answer());
	}

	@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	public Flux<String> stream() {
		return Flux.interval(PACE).onBackpressureDrop().map((count) -> "tick");
	}

	@Bean
	Silents silents() {
		return new Silents();
	}

	@Bean
	Gate gate() {
		return this.gate;
	}

	@Bean
	Policy policy() {
		return new Policy();
	}

	@Bean
	static SslBundleRegistrar policed(SpiffeSslBundle bundle, Policy policy) {
		return (registry) -> registry.registerBundle("policed", bundle.authorizing(policy));
	}

}
