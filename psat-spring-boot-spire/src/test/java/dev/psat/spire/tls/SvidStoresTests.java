package dev.psat.spire.tls;

import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;

import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.SvidMint;
import dev.psat.spire.client.SvidMint.Minted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SvidStores}.
 */
class SvidStoresTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final String ORDERS = "spiffe://example.org/orders";

	private final MutableIdentity identity = new MutableIdentity();

	private final SvidStores stores = new SvidStores(this.identity);

	@Test
	void storesAreEmptyBeforeThereIsAnything() throws Exception {
		assertThat(this.stores.keyStore().size()).isZero();
		assertThat(this.stores.trustStore().size()).isZero();
		assertThat(this.stores.keyStore()).isSameAs(this.stores.keyStore());
		assertThat(this.stores.trustStore()).isSameAs(this.stores.trustStore());
	}

	@ParameterizedTest
	@EnumSource
	void keyStoreHasTheWholeChainAndTheKeyAndNothingElse(KeyType keyType) throws Exception {
		Minted minted = ROOT.intermediate("outer").intermediate("inner").order(ORDERS).keyType(keyType).mint();
		this.identity.become(minted, ROOT.bundle());
		KeyStore store = this.stores.keyStore();
		assertThat(Collections.list(store.aliases())).containsExactly("spire");
		assertThat(store.isKeyEntry("spire")).isTrue();
		assertThat(store.getCertificateChain("spire")).containsExactlyElementsOf(minted.chain()).hasSize(3);
		assertThat(store.getKey("spire", new char[0])).isEqualTo(minted.privateKey());
		assertThat(store.getKey("spire", null)).isEqualTo(minted.privateKey());
	}

	@Test
	void trustStoreHasTheAuthoritiesOfTheTrustBundleAndNothingElse() throws Exception {
		SvidMint next = new SvidMint("next");
		this.identity.become(ROOT.mint(ORDERS), SvidMint.bundle(ROOT, next));
		KeyStore store = this.stores.trustStore();
		List<Certificate> certificates = new ArrayList<>();
		for (String alias : Collections.list(store.aliases())) {
			assertThat(store.isCertificateEntry(alias)).isTrue();
			certificates.add(store.getCertificate(alias));
		}
		assertThat(certificates).containsExactlyInAnyOrder(ROOT.certificate(), next.certificate());
	}

	@Test
	void trustBundleComesBeforeTheSvid() throws Exception {
		this.identity.become(new TlsSnapshot(null, ROOT.bundle()));
		assertThat(this.stores.keyStore().size()).isZero();
		assertThat(this.stores.trustStore().size()).isOne();
	}

	@Test
	void storesAreNewWhereTheirContentIsAndStayOtherwise() throws Exception {
		Minted first = ROOT.mint(ORDERS);
		this.identity.become(first, ROOT.bundle());
		KeyStore keyStore = this.stores.keyStore();
		KeyStore trustStore = this.stores.trustStore();
		assertThat(this.stores.keyStore()).isSameAs(keyStore);
		this.identity.rotate(ROOT.mint(ORDERS));
		assertThat(this.stores.keyStore()).isNotSameAs(keyStore);
		assertThat(this.stores.trustStore()).isSameAs(trustStore);
		assertThat(keyStore.getKey("spire", null)).isEqualTo(first.privateKey());
		keyStore = this.stores.keyStore();
		this.identity.trust(SvidMint.bundle(ROOT, new SvidMint("next")));
		assertThat(this.stores.trustStore()).isNotSameAs(trustStore);
		assertThat(this.stores.keyStore()).isSameAs(keyStore);
		assertThat(trustStore.size()).isOne();
	}

	/**
	 * The server is asked every minute, and mostly tells the same.
	 */
	@Test
	void trustBundleThatIsToldAgainMakesNoNewStore() {
		this.identity.become(ROOT.mint(ORDERS), ROOT.bundle());
		KeyStore trustStore = this.stores.trustStore();
		this.identity.trust(ROOT.bundle());
		assertThat(this.stores.trustStore()).isSameAs(trustStore);
	}

	@Test
	void keyManagersOfTheJdkReadTheKeyWithAndWithoutAPassword() throws Exception {
		Minted minted = ROOT.intermediate("inner").mint(ORDERS);
		this.identity.become(minted, ROOT.bundle());
		for (String algorithm : new String[] { "SunX509", "NewSunX509" }) {
			for (char[] password : new char[][] { null, new char[0] }) {
				KeyManagerFactory factory = KeyManagerFactory.getInstance(algorithm);
				factory.init(this.stores.keyStore(), password);
				X509KeyManager manager = (X509KeyManager) factory.getKeyManagers()[0];
				String alias = manager.chooseServerAlias("EC", null, null);
				assertThat(manager.getPrivateKey(alias)).isEqualTo(minted.privateKey());
				assertThat(manager.getCertificateChain(alias)).containsExactlyElementsOf(minted.chain());
			}
		}
	}

	@Test
	void storeOfAnSvidThatHasExpiredStillTellsSo() throws Exception {
		this.identity.become(
				ROOT.order(ORDERS).issuedAt(Instant.parse("2020-01-01T00:00:00Z"), Duration.ofHours(1)).mint(),
				ROOT.bundle());
		assertThat(this.stores.keyStore().getCertificateChain("spire")).hasSize(1);
	}

}
