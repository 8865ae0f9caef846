package dev.psat.shop.inventory;

import java.security.cert.X509Certificate;
import java.util.List;

import dev.psat.spiffe.X509Svid;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;

/**
 * Says what the shop has, of everything the same, and to whom it says so.
 */
@RestController
class StockController {

	@GetMapping("/stock/{article}")
	Stock stock(@PathVariable String article,
			@RequestAttribute("jakarta.servlet.request.X509Certificate") X509Certificate[] chain) {
		X509Svid caller = X509Svid.of(List.of(chain), null);
		return new Stock(article, 42, caller.spiffeId().toString(), caller.serialNumber().toString());
	}

	record Stock(String article, int inStock, String caller, String serialNumber) {

	}

}
