package dev.psat.spire.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.internal.PathProperty;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.autoconfigure.authorization.internal.AuthorizedPeers;
import dev.psat.spire.autoconfigure.authorization.internal.ItemRules;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import dev.psat.spire.server.SpireIdentityBuilder;
import dev.psat.spire.server.SpireServerIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.internal.TlsOptions;
import dev.psat.spire.workload.WorkloadIdentity;
import dev.psat.spire.workload.WorkloadIdentityBuilder;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslOptions;
import org.springframework.core.log.LogMessage;
import org.springframework.util.StringUtils;

/**
 * Checks the properties when the identity is created, so that neither lazy initialization
 * nor AOT bypasses it. The trust bundle need not exist yet: its file may appear later.
 */
final class SpirePropertyRules {

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	private static final Duration LONGEST = Duration.ofHours(1);

	private SpirePropertyRules() {
	}

	static SpireIdentityBuilder identityBuilder(SpireProperties properties, PsatAttestor attestor,
			ServerConnection server) {
		SpireProperties.Svid svid = properties.getSvid();
		TrustDomain trustDomain = server.trustDomain();
		SpireIdentityBuilder builder = SpireServerIdentity.builder(attestor)
			.server(server.address())
			.trustDomain(trustDomain)
			.trustBundle(server.trustBundle())
			.attestTimeout(duration("server.attest-timeout", properties.getServer().getAttestTimeout(), 1, "180s"))
			.allowNodeIdentity(properties.getServer().isAllowNodeIdentity())
			.keyType(svid.getKeyType())
			.refreshInterval(duration("svid.refresh-interval", svid.getRefreshInterval(), 5, "60s"))
			.federatesWith(federatesWith(properties, trustDomain));
		if (svid.getSpiffeId() != null) {
			builder.spiffeId(spiffeId(svid.getSpiffeId(), trustDomain));
		}
		if (svid.getHint() != null) {
			builder.hint(hint(svid.getHint()));
		}
		return builder;
	}

	/** The own trust domain is unknown until the first X.509-SVID. */
	static WorkloadIdentityBuilder identityBuilder(SpireProperties properties, WorkloadEndpoint endpoint) {
		SpireProperties.Svid svid = properties.getSvid();
		WorkloadIdentityBuilder builder = WorkloadIdentity.builder()
			.endpoint(endpoint)
			.federatesWith(federatesWith(properties, null));
		if (svid.getSpiffeId() != null) {
			builder.spiffeId(spiffeId(svid.getSpiffeId(), null));
		}
		if (svid.getHint() != null) {
			builder.hint(hint(svid.getHint()));
		}
		return builder;
	}

	/**
	 * @param trustDomain the own one, blank if it is told in another way, later or not at
	 * all
	 */
	static PeerLists peers(SpireProperties properties, @Nullable String trustDomain) {
		SpireProperties.Bundle bundle = properties.getBundle();
		TrustDomain own = StringUtils.hasText(trustDomain) ? ServerConnection.trustDomain(trustDomain) : null;
		ItemRules rules = new ItemRules(own, federatesWith(properties, own));
		return PeerLists.of(
				peers("client", bundle.getAuthorizedClients(), bundle.getAuthorizedClientsFile(),
						bundle.isAuthorizeAnyClient(), rules),
				peers("server", bundle.getAuthorizedServers(), bundle.getAuthorizedServersFile(),
						bundle.isAuthorizeAnyServer(), rules));
	}

	/** Once more, now that the own trust domain is known. */
	static void checkPeers(SpireProperties properties, TrustDomain own) {
		ItemRules rules = new ItemRules(own, federatesWith(properties, own));
		patterns("client", properties.getBundle().getAuthorizedClients(), rules);
		patterns("server", properties.getBundle().getAuthorizedServers(), rules);
	}

	static SslOptions options(SpireProperties properties) {
		return options("bundle", properties.getBundle().getOptions());
	}

	private static SslOptions options(String bundle, SpireProperties.Bundle.Options options) {
		parse(bundle + ".options.enabled-protocols", options.getEnabledProtocols(),
				(protocols) -> TlsOptions.of(List.of(), protocols), "Set it to 'TLSv1.3', or remove it.");
		parse(bundle + ".options.ciphers", options.getCiphers(),
				(ciphers) -> TlsOptions.of(ciphers, options.getEnabledProtocols()),
				"Set it to names such as 'TLS_AES_256_GCM_SHA384', or remove it.");
		return SslOptions.of(options.getCiphers().toArray(String[]::new),
				options.getEnabledProtocols().toArray(String[]::new));
	}

	static Map<String, IdentityBundles.Settings> identityBundles(SpireProperties properties) {
		Map<String, IdentityBundles.Settings> settings = new LinkedHashMap<>();
		properties.getIdentityBundles().forEach((name, bundle) -> {
			String prefix = "identity-bundles." + name;
			if (!StringUtils.hasText(bundle.getTrust())) {
				throw PsatStartupException.ofProperty(prefix + ".trust", bundle.getTrust(),
						"It is required: the SSL bundle has to know how to verify servers.",
						"Set it to 'jvm' for the trust store of the JVM, or to the name of an SSL bundle with the CA of the servers.");
			}
			settings.put(name, new IdentityBundles.Settings(bundle.getTrust(), options(prefix, bundle.getOptions())));
		});
		return settings;
	}

	static String bundleName(SpireProperties properties) {
		String name = properties.getBundle().getName();
		if (!StringUtils.hasText(name)) {
			throw PsatStartupException.ofProperty("bundle.name", name, "It must not be blank.",
					"Set it to the name by which 'server.ssl.bundle' and others find the SSL bundle, or remove it.");
		}
		return name;
	}

	static Duration svidWait(SpireProperties properties) {
		return duration("svid.wait", properties.getSvid().getWait(), 1, "5m");
	}

	private static AuthorizedPeers peers(String peer, List<String> list, @Nullable String file, boolean any,
			ItemRules rules) {
		String name = "bundle.authorized-%ss".formatted(peer);
		List<String> patterns = patterns(peer, list, rules);
		Path path = (file != null) ? PathProperty.parse(name + "-file", file,
				"Set it to the path of a file in the container that lists SPIFFE IDs, one a line, or remove it.")
				: null;
		String everybody = "spire.bundle.authorize-any-" + peer;
		AuthorizedPeers peers = AuthorizedPeers.of("spire." + name, patterns, any ? everybody : null, rules, path);
		if (peers.isDryRun()) {
			logger.info(LogMessage.format(
					"A dry run of %s: since '%s' is true, it refuses nobody of the own trust domain, but tells whom it would refuse",
					peers.names(), everybody));
		}
		return peers;
	}

	private static List<String> patterns(String peer, List<String> list, ItemRules rules) {
		TrustDomain own = rules.own();
		String action = "List SPIFFE IDs of workloads, such as 'spiffe://%1$s/ns/shop/sa/orders', or 'spiffe://%1$s/ns/shop/*' for all below. Those of another trust domain need that in 'spire.federates-with'."
			.formatted((own != null) ? own.name() : "example.org");
		return IntStream.range(0, list.size())
			.mapToObj((i) -> parse("bundle.authorized-%ss[%d]".formatted(peer, i), list.get(i), rules::check, action))
			.toList();
	}

	private static SpiffeId spiffeId(String spiffeId, @Nullable TrustDomain trustDomain) {
		String action = "Set it to the SPIFFE ID of a registration entry of this pod, such as 'spiffe://%s/my-service', "
			.formatted((trustDomain != null) ? trustDomain.name() : "example.org")
				+ "or remove it if there is only one entry.";
		SpiffeId parsed = parse("svid.spiffe-id", spiffeId, SpiffeId::parse, action);
		if (trustDomain != null && !parsed.trustDomain().equals(trustDomain)) {
			throw PsatStartupException.ofProperty("svid.spiffe-id", spiffeId,
					"It must belong to the trust domain '%s' of the SPIRE Server.".formatted(trustDomain.name()),
					action);
		}
		if (parsed.path().isEmpty()) {
			throw PsatStartupException.ofProperty("svid.spiffe-id", spiffeId,
					"It is the ID of a whole trust domain and must be that of a workload.", action);
		}
		if (parsed.isReserved()) {
			throw PsatStartupException.ofProperty("svid.spiffe-id", spiffeId,
					"It must not be under '/spire', which is reserved for servers and agents.", action);
		}
		return parsed;
	}

	private static Set<TrustDomain> federatesWith(SpireProperties properties, @Nullable TrustDomain own) {
		String action = "List the names of other trust domains, such as 'partner.org', or remove it.";
		Set<TrustDomain> trustDomains = new LinkedHashSet<>();
		List<String> names = properties.getFederatesWith();
		for (int i = 0; i < names.size(); i++) {
			String property = "federates-with[%d]".formatted(i);
			TrustDomain trustDomain = parse(property, names.get(i), TrustDomain::of, action);
			if (trustDomain.equals(own)) {
				throw PsatStartupException.ofProperty(property, names.get(i),
						"It is the trust domain of the SPIRE Server itself, whose workloads need no federation.",
						action);
			}
			trustDomains.add(trustDomain);
		}
		return trustDomains;
	}

	private static String hint(String hint) {
		if (!StringUtils.hasText(hint)) {
			throw PsatStartupException.ofProperty("svid.hint", hint, "It must not be blank.",
					"Set it to the hint of a registration entry of this pod, or remove it.");
		}
		return hint;
	}

	private static Duration duration(String name, Duration value, int leastSeconds, String usual) {
		if (value.compareTo(Duration.ofSeconds(leastSeconds)) < 0 || value.compareTo(LONGEST) > 0) {
			throw PsatStartupException.ofProperty(name, value, "It must be from %ds to 1h.".formatted(leastSeconds),
					"Set it to '%s', or remove it.".formatted(usual));
		}
		return value;
	}

	static <V, T> T parse(String name, V value, Function<V, T> parser, String action) {
		try {
			return parser.apply(value);
		}
		catch (IllegalArgumentException ex) {
			throw PsatStartupException.ofProperty(name, value, ex.getMessage() + ".", action);
		}
	}

}
