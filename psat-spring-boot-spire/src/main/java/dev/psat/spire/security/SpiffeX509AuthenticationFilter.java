package dev.psat.spire.security;

import java.util.List;

import dev.psat.spire.ssl.SpiffeSslBundle;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.userdetails.UserDetailsByNameServiceWrapper;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.authentication.preauth.AbstractPreAuthenticatedProcessingFilter;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationProvider;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.authentication.preauth.x509.X509AuthenticationFilter;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.util.Assert;

/**
 * Authenticates callers by the X.509-SVID of their connection. It takes the place of
 * {@code http.x509(…)} and its {@link X509AuthenticationFilter}, to which each
 * certificate in a request attribute is as good as any other:
 *
 * <pre class="code">
 * http.addFilter(new SpiffeX509AuthenticationFilter(bundle, callers))
 * </pre>
 *
 * For each request, the filter asks the web server for the certificates of the TLS
 * connection, and the bundle whether it lets that caller in, as in a handshake: its
 * current trust bundle has to vouch for the chain, and its policy to authorize the SPIFFE
 * ID. A caller that came by a connector with another CA, whose authority has been revoked
 * since, or whose X.509-SVID has expired since, remains unauthenticated, even if it has
 * the session of another caller, which then ends. So does everyone if TLS ends before the
 * application, or the web server is neither Tomcat nor Jetty.
 *
 * @since 0.1.0
 */
public final class SpiffeX509AuthenticationFilter extends AbstractPreAuthenticatedProcessingFilter {

	private final SecurityContextRepository ofRequest = new RequestAttributeSecurityContextRepository();

	private final ConnectionCallers connections;

	/**
	 * Create a filter.
	 * @param bundle the bundle that the web server serves
	 * @param callers maps the SPIFFE ID of a caller, which is its user name, to its
	 * authorities; throws a {@code UsernameNotFoundException} for an unknown one, which
	 * then remains unauthenticated
	 */
	public SpiffeX509AuthenticationFilter(SpiffeSslBundle bundle, UserDetailsService callers) {
		Assert.notNull(callers, "'callers' must not be null");
		this.connections = new ConnectionCallers(bundle);
		PreAuthenticatedAuthenticationProvider provider = new PreAuthenticatedAuthenticationProvider();
		provider.setPreAuthenticatedUserDetailsService(new UserDetailsByNameServiceWrapper<>(callers));
		provider.setGrantedAuthoritySupplier(
				() -> List.of(FactorGrantedAuthority.fromAuthority(FactorGrantedAuthority.X509_AUTHORITY)));
		setAuthenticationManager(new ProviderManager(provider));
		setSecurityContextRepository(this.ofRequest);
		setCheckForPrincipalChanges(true);
	}

	/**
	 * Of a session, whose cookie could come by any connection. What was authenticated in
	 * another way, or earlier in this request, remains so.
	 */
	@Override
	protected boolean principalChanged(HttpServletRequest request, Authentication current) {
		return current instanceof PreAuthenticatedAuthenticationToken
				&& current != this.ofRequest.loadDeferredContext(request).get().getAuthentication()
				&& !current.getName().equals(getPreAuthenticatedPrincipal(request));
	}

	@Override
	protected @Nullable Object getPreAuthenticatedPrincipal(HttpServletRequest request) {
		return this.connections.identify(request);
	}

	@Override
	protected Object getPreAuthenticatedCredentials(HttpServletRequest request) {
		return "";
	}

}
