package dev.psat.spire.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.internal.SpiffeIdPattern;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Tells what of the properties does not fit the own trust domain, if only the first
 * X.509-SVID or a customizer tells it: too late to stop the start, but nobody is let in.
 */
final class OwnTrustDomainCheck implements SpireObserver {

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	private final List<String> clients;

	private final List<String> servers;

	private final PeerLists peers;

	private final PolicyBeans policies;

	private final Set<TrustDomain> federated = new LinkedHashSet<>();

	private volatile @Nullable TrustDomain told;

	OwnTrustDomainCheck(SpireProperties properties, PeerLists peers, PolicyBeans policies) {
		this.peers = peers;
		this.policies = policies;
		this.clients = List.copyOf(properties.getBundle().getAuthorizedClients());
		this.servers = List.copyOf(properties.getBundle().getAuthorizedServers());
		properties.getFederatesWith().forEach((name) -> this.federated.add(TrustDomain.of(name)));
	}

	@Override
	public void changed(SpireStatus previous, SpireStatus current) {
		TrustDomain own = current.trustDomain();
		if (own != null && !own.equals(this.told)) {
			this.told = own;
			if (this.federated.contains(own)) {
				logger.warn(LogMessage.format(
						"'spire.federates-with' lists '%s', which is the own trust domain: of its workloads, only those are authorized that are listed. Remove it",
						own));
			}
			tell("authorized-clients", this.clients, own);
			tell("authorized-servers", this.servers, own);
			this.peers.own(own);
			// those of a customizer, too
			Set<TrustDomain> federated = new LinkedHashSet<>(this.federated);
			current.federation().forEach((each) -> federated.add(each.trustDomain()));
			this.policies.own(own, federated);
		}
	}

	private void tell(String list, List<String> patterns, TrustDomain own) {
		List<String> unknown = patterns.stream().filter((pattern) -> isUnknown(pattern, own)).toList();
		if (!unknown.isEmpty()) {
			logger.warn(LogMessage.format(
					"'spire.bundle.%s' lists %s, which can never connect: the own trust domain is '%s', and 'spire.federates-with' does not list another one",
					list, String.join(" and ", unknown), own));
		}
	}

	private boolean isUnknown(String pattern, TrustDomain own) {
		TrustDomain trustDomain = SpiffeIdPattern.parse(pattern).trustDomain();
		return !trustDomain.equals(own) && !this.federated.contains(trustDomain);
	}

}
