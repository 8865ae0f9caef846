package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SvidKeyManager}.
 */
class SvidKeyManagerTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final String ORDERS = "spiffe://example.org/orders";

	private static final String[] EC_OR_RSA = { "RSA", "EC" };

	private final MutableIdentity identity = new MutableIdentity();

	private final SvidKeyManager manager = new SvidKeyManager(this.identity, new PeerReport(Time.ofSystem()),
			TlsOptions.NONE, Clock.systemUTC(), true);

	@ParameterizedTest
	@EnumSource
	void svidIsOfferedToWhoAsksForItsTypeOfKey(KeyType keyType) {
		Minted minted = ROOT.intermediate("inner").order(ORDERS).keyType(keyType).mint();
		this.identity.become(minted, ROOT.bundle());
		String type = minted.privateKey().getAlgorithm();
		String other = type.equals("EC") ? "RSA" : "EC";
		for (String alias : new String[] { this.manager.chooseClientAlias(EC_OR_RSA, null, null),
				this.manager.chooseEngineClientAlias(EC_OR_RSA, null, null),
				this.manager.chooseServerAlias(type, null, null),
				this.manager.chooseEngineServerAlias(type, null, null),
				Objects.requireNonNull(this.manager.getClientAliases(type, null))[0],
				Objects.requireNonNull(this.manager.getServerAliases(type, null))[0] }) {
			assertThat(alias).isNotNull();
			assertThat(this.manager.getCertificateChain(alias)).containsExactlyElementsOf(minted.chain()).hasSize(2);
			assertThat(this.manager.getPrivateKey(alias)).isSameAs(minted.privateKey());
		}
		assertThat(this.manager.chooseClientAlias(new String[] { other, "RSASSA-PSS", "EdDSA" }, null, null)).isNull();
		assertThat(this.manager.chooseEngineClientAlias(new String[0], null, null)).isNull();
		assertThat(this.manager.chooseServerAlias(other, null, null)).isNull();
		assertThat(this.manager.chooseEngineServerAlias("RSASSA-PSS", null, null)).isNull();
		assertThat(this.manager.getClientAliases(other, null)).isNull();
		assertThat(this.manager.getServerAliases(other, null)).isNull();
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void withoutAnSvidNothingIsOfferedAndAServerSaysSoOnce(CapturedOutput output) {
		assertThat(this.manager.chooseClientAlias(EC_OR_RSA, null, null)).isNull();
		assertThat(this.manager.chooseEngineClientAlias(EC_OR_RSA, null, null)).isNull();
		assertThat(this.manager.getClientAliases("EC", null)).isNull();
		assertThat(this.manager.getServerAliases("EC", null)).isNull();
		assertThat(output).doesNotContain("X.509-SVID");
		assertThat(this.manager.chooseEngineServerAlias("EC", null, null)).isNull();
		assertThat(this.manager.chooseEngineServerAlias("RSA", null, null)).isNull();
		assertThat(this.manager.chooseServerAlias("EC", null, null)).isNull();
		assertThat(output.getAll().lines().filter((line) -> line.contains("X.509-SVID"))).singleElement()
			.asString()
			.contains("WARN")
			.endsWith("A client was turned away: there is no X.509-SVID to serve. " + MutableIdentity.ABSENCE);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void serverIsOfferedSvidOnlyIfItsClientsNeedCertificate(CapturedOutput output) throws Exception {
		this.identity.become(ROOT.mint(ORDERS), ROOT.bundle());
		SvidKeyManager strict = new SvidKeyManager(this.identity, new PeerReport(Time.ofSystem()), TlsOptions.NONE,
				Clock.systemUTC(), false);
		SSLEngine engine = SSLContext.getDefault().createSSLEngine();
		try (SSLSocket socket = (SSLSocket) SSLContext.getDefault().getSocketFactory().createSocket()) {
			engine.setNeedClientAuth(true);
			socket.setNeedClientAuth(true);
			assertThat(strict.chooseEngineServerAlias("EC", null, engine)).isNotNull();
			assertThat(strict.chooseServerAlias("EC", null, socket)).isNotNull();
			assertThat(output).doesNotContain("turned away");
			engine.setWantClientAuth(true);
			socket.setWantClientAuth(true);
			assertThat(strict.chooseEngineServerAlias("EC", null, engine)).isNull();
			assertThat(strict.chooseServerAlias("EC", null, socket)).isNull();
			engine.setWantClientAuth(false);
			assertThat(strict.chooseEngineServerAlias("EC", null, engine)).isNull();
			assertThat(strict.chooseServerAlias("EC", null, new Socket())).isNull();
		}
		assertThat(strict.chooseEngineServerAlias("EC", null, null)).isNull();
		assertThat(strict.chooseServerAlias("EC", null, null)).isNull();
		assertThat(strict.getServerAliases("EC", null)).isNull();
		assertThat(output)
			.containsOnlyOnce("A client was turned away: the server does not require a client certificate");
		assertThat(strict.chooseEngineClientAlias(EC_OR_RSA, null, engine)).isNotNull();
	}

	@Test
	void unknownAliasHasNothing() {
		this.identity.become(ROOT.mint(ORDERS), ROOT.bundle());
		assertThat(this.manager.getCertificateChain("spire")).isNull();
		assertThat(this.manager.getPrivateKey("spire")).isNull();
	}

	@Test
	void chainIsACopy() {
		Minted minted = ROOT.mint(ORDERS);
		this.identity.become(minted, ROOT.bundle());
		String alias = choose();
		chain(alias)[0] = ROOT.certificate();
		assertThat(chain(alias)).containsExactlyElementsOf(minted.chain());
	}

	@Test
	void earlierGenerationStaysAsLongAsSomebodyHoldsItsAliasAndIsLetGoOfThen() {
		Minted first = ROOT.mint(ORDERS);
		this.identity.become(first, ROOT.bundle());
		List<String> held = new ArrayList<>(List.of(choose()));
		for (int i = 0; i < 10; i++) {
			this.identity.rotate(ROOT.mint(ORDERS));
			choose();
		}
		System.gc();
		assertThat(chain(held.get(0))).containsExactlyElementsOf(first.chain());
		assertThat(this.manager.getPrivateKey(held.get(0))).isSameAs(first.privateKey());
		String copy = new String(held.remove(0).toCharArray());
		await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
			System.gc();
			assertThat(this.manager.getPrivateKey(copy)).isNull();
		});
		assertThat(this.manager.getPrivateKey(choose())).isNotNull();
	}

	/**
	 * As a handshake can have it that has seen the earlier one, and was overtaken by one
	 * that has seen the later one.
	 */
	@Test
	void aliasIsGoodAlsoWhereGenerationsComeInTurn() {
		TlsSnapshot first = new TlsSnapshot(this.identity.keyed(ROOT.mint(ORDERS)), ROOT.bundle());
		TlsSnapshot second = new TlsSnapshot(this.identity.keyed(ROOT.mint(ORDERS)), ROOT.bundle());
		for (int i = 0; i < 5; i++) {
			this.identity.become(first);
			choose();
			this.identity.become(second);
			choose();
		}
		this.identity.become(first);
		String alias = choose();
		this.identity.become(second);
		choose();
		for (int i = 0; i < 3; i++) {
			System.gc();
			assertThat(this.manager.getPrivateKey(alias)).isNotNull();
		}
	}

	/**
	 * The count begins anew with another identity.
	 */
	@Test
	void aliasIsGoodAlsoWhereAGenerationComesAgainWithAnotherSvid() {
		Minted first = ROOT.mint(ORDERS);
		Minted again = ROOT.mint(ORDERS);
		this.identity.become(new TlsSnapshot(new KeyedSvid(first.svid(), first.privateKey(), 1), ROOT.bundle()));
		String before = choose();
		this.identity.become(new TlsSnapshot(new KeyedSvid(again.svid(), again.privateKey(), 1), ROOT.bundle()));
		String after = choose();
		assertThat(this.manager.getPrivateKey(before)).isSameAs(first.privateKey());
		assertThat(chain(before)).containsExactlyElementsOf(first.chain());
		assertThat(this.manager.getPrivateKey(after)).isSameAs(again.privateKey());
		assertThat(chain(after)).containsExactlyElementsOf(again.chain());
	}

	@Test
	void chainAndKeyAreAlwaysOfOneGeneration() throws Exception {
		List<KeyedSvid> generations = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			generations.add(this.identity.keyed(ROOT.mint(ORDERS)));
		}
		this.identity.become(new TlsSnapshot(generations.get(0), ROOT.bundle()));
		AtomicBoolean over = new AtomicBoolean();
		AtomicInteger checked = new AtomicInteger();
		ExecutorService executor = Executors.newFixedThreadPool(8);
		try {
			List<Future<Void>> handshakes = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				handshakes.add(executor.submit((Callable<Void>) () -> {
					while (!over.get()) {
						String alias = choose();
						PublicKey publicKey = chain(alias)[0].getPublicKey();
						PrivateKey privateKey = this.manager.getPrivateKey(alias);
						Thread.yield();
						assertThat(privateKey).isNotNull().isSameAs(keyOf(generations, publicKey));
						assertThat(this.manager.getPrivateKey(alias)).isSameAs(privateKey);
						checked.incrementAndGet();
					}
					return null;
				}));
			}
			for (int i = 0; i < 2_000; i++) {
				this.identity.become(new TlsSnapshot(generations.get(i % generations.size()), ROOT.bundle()));
				int before = checked.get();
				while (checked.get() == before && handshakes.stream().noneMatch(Future::isDone)) {
					Thread.yield();
				}
				if (i % 500 == 0) {
					System.gc();
				}
			}
			over.set(true);
			for (Future<Void> handshake : handshakes) {
				handshake.get();
			}
		}
		finally {
			over.set(true);
			executor.shutdownNow();
		}
		assertThat(checked).hasValueGreaterThan(2_000);
	}

	@Test
	void mintedKeysSignForTheirCertificates() throws Exception {
		for (KeyType keyType : KeyType.values()) {
			Minted minted = ROOT.order(ORDERS).keyType(keyType).mint();
			assertThat(signs(minted.privateKey(), minted.chain().get(0).getPublicKey())).isTrue();
			assertThat(signs(minted.privateKey(),
					ROOT.order(ORDERS).keyType(keyType).mint().chain().get(0).getPublicKey()))
				.isFalse();
		}
	}

	private static boolean signs(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
		Signature signature = Signature
			.getInstance("SHA256with" + (privateKey.getAlgorithm().equals("EC") ? "ECDSA" : "RSA"));
		signature.initSign(privateKey);
		byte[] signed = signature.sign();
		signature.initVerify(publicKey);
		return signature.verify(signed);
	}

	private static PrivateKey keyOf(List<KeyedSvid> generations, PublicKey publicKey) {
		return generations.stream()
			.filter((generation) -> generation.svid().leaf().getPublicKey().equals(publicKey))
			.findFirst()
			.orElseThrow()
			.privateKey();
	}

	private String choose() {
		return Objects.requireNonNull(this.manager.chooseEngineServerAlias("EC", null, null));
	}

	private X509Certificate[] chain(String alias) {
		return Objects.requireNonNull(this.manager.getCertificateChain(alias));
	}

}
