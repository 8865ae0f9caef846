package dev.psat.spire.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.psat.spire.client.KeyType;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

/**
 * {@link ConfigurationProperties @ConfigurationProperties} for where the identity comes
 * from, the X.509-SVID, and the SSL bundle.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("spire")
public final class SpireProperties {

	/**
	 * Whether to obtain an identity. The token is available either way. Read at run time,
	 * also under AOT.
	 */
	private boolean enabled = true;

	/**
	 * Trust domains whose workloads may be trusted, besides the own one, as far as the
	 * registration entry federates with them, too.
	 */
	private List<String> federatesWith = new ArrayList<>();

	private final Server server = new Server();

	private final WorkloadApi workloadApi = new WorkloadApi();

	private final Svid svid = new Svid();

	private final Bundle bundle = new Bundle();

	/**
	 * Further SSL bundles by name, each of which presents the X.509-SVID to servers with
	 * a certificate of a classic CA.
	 */
	private final Map<String, IdentityBundle> identityBundles = new LinkedHashMap<>();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public List<String> getFederatesWith() {
		return this.federatesWith;
	}

	public void setFederatesWith(List<String> federatesWith) {
		this.federatesWith = federatesWith;
	}

	public Server getServer() {
		return this.server;
	}

	public WorkloadApi getWorkloadApi() {
		return this.workloadApi;
	}

	public Svid getSvid() {
		return this.svid;
	}

	public Bundle getBundle() {
		return this.bundle;
	}

	public Map<String, IdentityBundle> getIdentityBundles() {
		return this.identityBundles;
	}

	/**
	 * The SPIRE Server.
	 */
	public static final class Server {

		/** Whether to attest to a SPIRE Server. Read at run time, also under AOT. */
		private boolean enabled = true;

		/**
		 * Address of the SPIRE Server as "host:port", with an IPv6 address in brackets.
		 * All addresses to which the host resolves are tried. Required unless the
		 * Workload API is used, or the application defines a SpireIdentity bean.
		 */
		private @Nullable String address;

		/**
		 * Trust domain of the SPIRE Server, such as "example.org". Required unless the
		 * Workload API is used, or the application defines a SpireIdentity bean.
		 */
		private @Nullable String trustDomain;

		/**
		 * Path of the bootstrap trust bundle, in PEM or as a SPIFFE trust bundle, with
		 * which the SPIRE Server is first verified. A "file:" URI is also accepted.
		 * Required unless the Workload API is used, or the application defines a
		 * SpireIdentity bean.
		 */
		private @Nullable String trustBundle;

		/**
		 * How long an attestation may take, including the time in the SPIRE Server's
		 * queue. If a duration suffix is not specified, seconds will be used.
		 */
		@DurationUnit(ChronoUnit.SECONDS)
		private Duration attestTimeout = Duration.ofSeconds(180);

		/**
		 * Whether to continue if the SPIRE Server issues the identity of the node instead
		 * of that of the pod, which evicts the SPIRE Agent of that node.
		 */
		private boolean allowNodeIdentity;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public @Nullable String getAddress() {
			return this.address;
		}

		public void setAddress(@Nullable String address) {
			this.address = address;
		}

		public @Nullable String getTrustDomain() {
			return this.trustDomain;
		}

		public void setTrustDomain(@Nullable String trustDomain) {
			this.trustDomain = trustDomain;
		}

		public @Nullable String getTrustBundle() {
			return this.trustBundle;
		}

		public void setTrustBundle(@Nullable String trustBundle) {
			this.trustBundle = trustBundle;
		}

		public Duration getAttestTimeout() {
			return this.attestTimeout;
		}

		public void setAttestTimeout(Duration attestTimeout) {
			this.attestTimeout = attestTimeout;
		}

		public boolean isAllowNodeIdentity() {
			return this.allowNodeIdentity;
		}

		public void setAllowNodeIdentity(boolean allowNodeIdentity) {
			this.allowNodeIdentity = allowNodeIdentity;
		}

	}

	/**
	 * The Workload API.
	 */
	public static final class WorkloadApi {

		/**
		 * Whether to use the Workload API if its socket is set. Read at run time, also
		 * under AOT.
		 */
		private boolean enabled = true;

		/**
		 * Socket on which an agent serves the Workload API, as "unix:///path", or as
		 * "tcp://IP:port" on the loopback interface or link-local. If set, the identity
		 * comes from there: no token is needed, and the properties of the SPIRE Server
		 * have no effect.
		 */
		private @Nullable String socket;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public @Nullable String getSocket() {
			return this.socket;
		}

		public void setSocket(@Nullable String socket) {
			this.socket = socket;
		}

	}

	/**
	 * The X.509-SVID.
	 */
	public static final class Svid {

		/** SPIFFE ID to use if several are offered. */
		private @Nullable String spiffeId;

		/** Hint of the registration entry to use if several IDs are offered. */
		private @Nullable String hint;

		/** Key type of the X.509-SVID. */
		private KeyType keyType = KeyType.EC_P256;

		/**
		 * How often to check the SPIRE Server for changes once there is an X.509-SVID. If
		 * a duration suffix is not specified, seconds will be used.
		 */
		@DurationUnit(ChronoUnit.SECONDS)
		private Duration refreshInterval = Duration.ofSeconds(60);

		/**
		 * How long startup waits for the first X.509-SVID at most, if it does. If a
		 * duration suffix is not specified, seconds will be used.
		 */
		@DurationUnit(ChronoUnit.SECONDS)
		private Duration wait = Duration.ofMinutes(5);

		/**
		 * When startup waits for the first X.509-SVID: if a server of this application is
		 * configured with the SSL bundle, or always, before any bean connects.
		 */
		private WaitFor waitFor = WaitFor.SERVERS;

		public @Nullable String getSpiffeId() {
			return this.spiffeId;
		}

		public void setSpiffeId(@Nullable String spiffeId) {
			this.spiffeId = spiffeId;
		}

		public @Nullable String getHint() {
			return this.hint;
		}

		public void setHint(@Nullable String hint) {
			this.hint = hint;
		}

		public KeyType getKeyType() {
			return this.keyType;
		}

		public void setKeyType(KeyType keyType) {
			this.keyType = keyType;
		}

		public Duration getRefreshInterval() {
			return this.refreshInterval;
		}

		public void setRefreshInterval(Duration refreshInterval) {
			this.refreshInterval = refreshInterval;
		}

		public Duration getWait() {
			return this.wait;
		}

		public void setWait(Duration wait) {
			this.wait = wait;
		}

		public WaitFor getWaitFor() {
			return this.waitFor;
		}

		public void setWaitFor(WaitFor waitFor) {
			this.waitFor = waitFor;
		}

		/**
		 * When startup waits for the first X.509-SVID.
		 */
		public enum WaitFor {

			/**
			 * If a server of this application is configured with the SSL bundle, before
			 * it starts.
			 */
			SERVERS,

			/** Before any bean connects, unless the identity needs it or is disabled. */
			ALWAYS

		}

	}

	/**
	 * The SSL bundle.
	 */
	public static final class Bundle {

		/** Name of the SSL bundle that presents the X.509-SVID. */
		private String name = "spire";

		/**
		 * SPIFFE IDs of the servers that this application may call, of its own trust
		 * domain or of those in "federates-with". An ID ending in "/*" stands for all IDs
		 * below it.
		 */
		private List<String> authorizedServers = new ArrayList<>();

		/**
		 * SPIFFE IDs of the clients that may call this application, of its own trust
		 * domain or of those in "federates-with". An ID ending in "/*" stands for all IDs
		 * below it.
		 */
		private List<String> authorizedClients = new ArrayList<>();

		/**
		 * Path of a file that lists more of such servers, one a line, and may change
		 * while the application runs. A "file:" URI is also accepted.
		 */
		private @Nullable String authorizedServersFile;

		/**
		 * Path of a file that lists more of such clients, one a line, and may change
		 * while the application runs. A "file:" URI is also accepted.
		 */
		private @Nullable String authorizedClientsFile;

		/**
		 * Whether this application may call every workload of its own trust domain,
		 * whatever "authorized-servers" lists. A list beside it is on a dry run.
		 */
		private boolean authorizeAnyServer;

		/**
		 * Whether every workload of the own trust domain may call this application,
		 * whatever "authorized-clients" lists. A list beside it is on a dry run.
		 */
		private boolean authorizeAnyClient;

		/**
		 * What becomes of an open connection when the cause of its authorization ends, as
		 * when the X.509-SVID of the peer expires, its authority is revoked, or a list no
		 * longer names it.
		 */
		private OpenConnections openConnections = OpenConnections.END;

		private final Options options = new Options();

		/**
		 * Whether Spring Boot's own health, info and meters of SSL bundles describe that
		 * of the SPIRE identity, too.
		 */
		private boolean sslInfo;

		public String getName() {
			return this.name;
		}

		public void setName(String name) {
			this.name = name;
		}

		public List<String> getAuthorizedServers() {
			return this.authorizedServers;
		}

		public void setAuthorizedServers(List<String> authorizedServers) {
			this.authorizedServers = authorizedServers;
		}

		public List<String> getAuthorizedClients() {
			return this.authorizedClients;
		}

		public void setAuthorizedClients(List<String> authorizedClients) {
			this.authorizedClients = authorizedClients;
		}

		public @Nullable String getAuthorizedServersFile() {
			return this.authorizedServersFile;
		}

		public void setAuthorizedServersFile(@Nullable String authorizedServersFile) {
			this.authorizedServersFile = authorizedServersFile;
		}

		public @Nullable String getAuthorizedClientsFile() {
			return this.authorizedClientsFile;
		}

		public void setAuthorizedClientsFile(@Nullable String authorizedClientsFile) {
			this.authorizedClientsFile = authorizedClientsFile;
		}

		public boolean isAuthorizeAnyServer() {
			return this.authorizeAnyServer;
		}

		public void setAuthorizeAnyServer(boolean authorizeAnyServer) {
			this.authorizeAnyServer = authorizeAnyServer;
		}

		public boolean isAuthorizeAnyClient() {
			return this.authorizeAnyClient;
		}

		public void setAuthorizeAnyClient(boolean authorizeAnyClient) {
			this.authorizeAnyClient = authorizeAnyClient;
		}

		public OpenConnections getOpenConnections() {
			return this.openConnections;
		}

		public void setOpenConnections(OpenConnections openConnections) {
			this.openConnections = openConnections;
		}

		public boolean isSslInfo() {
			return this.sslInfo;
		}

		public void setSslInfo(boolean sslInfo) {
			this.sslInfo = sslInfo;
		}

		public Options getOptions() {
			return this.options;
		}

		/**
		 * What becomes of an open connection when the cause of its authorization ends.
		 */
		public enum OpenConnections {

			/** It ends, too. */
			END,

			/** It lasts as long as its ends like. */
			KEEP

		}

		/**
		 * Limits of the connections.
		 */
		public static final class Options {

			/**
			 * Cipher suites to which connections are limited, by their Java names. Those
			 * of the JDK if empty.
			 */
			private List<String> ciphers = new ArrayList<>();

			/**
			 * Protocols to which connections are limited, "TLSv1.2" or "TLSv1.3". Both if
			 * empty.
			 */
			private List<String> enabledProtocols = new ArrayList<>();

			public List<String> getCiphers() {
				return this.ciphers;
			}

			public void setCiphers(List<String> ciphers) {
				this.ciphers = ciphers;
			}

			public List<String> getEnabledProtocols() {
				return this.enabledProtocols;
			}

			public void setEnabledProtocols(List<String> enabledProtocols) {
				this.enabledProtocols = enabledProtocols;
			}

		}

	}

	/**
	 * An SSL bundle that presents the X.509-SVID to servers with a certificate of a
	 * classic CA, and verifies their host name.
	 */
	public static final class IdentityBundle {

		/**
		 * What verifies servers: "jvm" for the trust store of the JVM, or the name of an
		 * SSL bundle. Required.
		 */
		private @Nullable String trust;

		private final Bundle.Options options = new Bundle.Options();

		public @Nullable String getTrust() {
			return this.trust;
		}

		public void setTrust(@Nullable String trust) {
			this.trust = trust;
		}

		public Bundle.Options getOptions() {
			return this.options;
		}

	}

}
