package dev.psat.benchmarks.spire.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.net.ssl.X509TrustManager;

import dev.psat.spire.SpiffeSslBundle;
import dev.psat.spire.SpireIdentity;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * Trust managers of one identity with other lists of clients each, and that of the JDK.
 */
final class PeerChecks implements AutoCloseable {

	private static final int MANY = 100;

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	private final List<PeerCheck> all = new ArrayList<>();

	private final World world;

	private final SpireIdentity identity;

	private final PeerCheck any;

	PeerChecks(World world, ClientApplication application) {
		this.world = world;
		this.identity = application.identity();
		this.all.add(new PeerCheck("PKIX of the JDK, which asks for no ID", trustManager(application.pemBundle())));
		try {
			this.any = add("ours, `authorize-any-client`", "authorize-any-client=true");
			add("ours, one ID is listed", "authorized-clients=" + World.id(World.CLIENT));
			add("ours, %d IDs are listed, this one last".formatted(MANY), "authorized-clients=" + many());
			add("ours, `spiffe://example.org/ns/shop/*` is listed",
					"authorized-clients=spiffe://example.org/ns/shop/*");
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	private static String many() {
		return Stream
			.concat(IntStream.range(1, MANY).mapToObj((other) -> World.id("other-" + other)),
					Stream.of(World.id(World.CLIENT)))
			.collect(Collectors.joining(","));
	}

	private PeerCheck add(String name, String clients) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(ClientApplication.Application.class)
			.web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.logStartupInfo(false)
			.registerShutdownHook(false)
			.initializers((GenericApplicationContext applicationContext) -> applicationContext
				.registerBean(SpireIdentity.class, () -> this.identity))
			.run(Stream
				.concat(this.world.identity(World.CLIENT).stream(),
						Stream.of("logging.level.root=warn", "spire.psat.bundle." + clients))
				.map((property) -> "--" + property)
				.toArray(String[]::new));
		this.contexts.add(context);
		PeerCheck check = new PeerCheck(name, trustManager(context.getBean(SpiffeSslBundle.class)));
		this.all.add(check);
		return check;
	}

	private static X509TrustManager trustManager(SslBundle bundle) {
		return (X509TrustManager) bundle.getManagers().getTrustManagers()[0];
	}

	List<PeerCheck> all() {
		return this.all;
	}

	/**
	 * Return the check of the JDK.
	 * @return the check
	 */
	PeerCheck pkix() {
		return this.all.get(0);
	}

	/**
	 * Return the check of ours that lets in whoever has a certificate of the trust
	 * domain.
	 * @return the check
	 */
	PeerCheck any() {
		return this.any;
	}

	/**
	 * Return the checks of ours that look for an ID in a list.
	 * @return the checks
	 */
	List<PeerCheck> lists() {
		return this.all.subList(this.all.indexOf(this.any) + 1, this.all.size());
	}

	/**
	 * Ends the identity too.
	 */
	@Override
	public void close() {
		this.contexts.forEach(ConfigurableApplicationContext::close);
	}

}
