package dev.psat.docs.spire;

// tag::inject[]
import dev.psat.spire.SpireIdentity;
// end::inject[]

import org.springframework.stereotype.Component;

// tag::inject[]
@Component
record InventoryCalls(SpireIdentity identity) {

	String authorization() {
		return "Bearer " + this.identity.jwtSvid("inventory").token();
	}

}
// end::inject[]
