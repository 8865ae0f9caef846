package dev.psat.spire.security;

import dev.psat.spire.ssl.SpiffeSslBundle;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.server.authentication.ReactivePreAuthenticatedAuthenticationManager;
import org.springframework.util.Assert;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * {@link SpiffeX509AuthenticationFilter} for WebFlux, in place of {@code http.x509(…)}:
 *
 * <pre class="code">
 * http.addFilterAt(new SpiffeX509AuthenticationWebFilter(bundle, callers), SecurityWebFiltersOrder.AUTHENTICATION)
 * </pre>
 *
 * On Reactor Netty, Tomcat and Jetty. With any other web server, everyone remains
 * unauthenticated.
 *
 * @since 0.1.0
 */
public final class SpiffeX509AuthenticationWebFilter implements WebFilter {

	private final ConnectionCallers connections;

	private final ReactiveAuthenticationManager authenticationManager;

	/**
	 * Create a filter.
	 * @param bundle the bundle that the web server serves
	 * @param callers maps the SPIFFE ID of a caller, which is its user name, to its
	 * authorities; empty for an unknown one, which then remains unauthenticated
	 */
	public SpiffeX509AuthenticationWebFilter(SpiffeSslBundle bundle, ReactiveUserDetailsService callers) {
		Assert.notNull(callers, "'callers' must not be null");
		this.connections = new ConnectionCallers(bundle);
		this.authenticationManager = new ReactivePreAuthenticatedAuthenticationManager(callers);
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		return authenticate(exchange).map(ReactiveSecurityContextHolder::withAuthentication)
			.defaultIfEmpty(Context.empty())
			.flatMap((context) -> chain.filter(exchange).contextWrite(context));
	}

	private Mono<Authentication> authenticate(ServerWebExchange exchange) {
		return Mono.fromCallable(() -> identify(exchange.getRequest()))
			.map((id) -> new PreAuthenticatedAuthenticationToken(id, ""))
			.flatMap(this.authenticationManager::authenticate)
			.onErrorResume(AuthenticationException.class, (ex) -> Mono.empty());
	}

	private @Nullable String identify(ServerHttpRequest request) {
		Object nativeRequest;
		try {
			nativeRequest = ServerHttpRequestDecorator.getNativeRequest(request);
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			// not of a web server, but a mock
			return null;
		}
		return this.connections.identify(nativeRequest);
	}

}
