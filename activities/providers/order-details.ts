/** What an order is about and who buys: as checkout sends it, and as providers are told. */

/** One line of an order. Amounts in minor units of the payment's currency. */
export type LineItem = {
  readonly sku?: string | undefined;
  readonly title: string;
  readonly description?: string | undefined;
  readonly quantity: number;
  /** What one costs the buyer, taxes included. */
  readonly unitPriceMinor: number;
  /** What one costs before taxes. */
  readonly unitNetMinor?: number | undefined;
  /** 1900 is 19 %. */
  readonly taxRateBasisPoints?: number | undefined;
};

export type Address = {
  readonly street?: string | undefined;
  readonly houseNumber?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly city?: string | undefined;
  /** ISO 3166-1, two letters. */
  readonly country: string;
};

export type BuyerDetails = {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly company?: string | undefined;
  readonly customerNumber?: string | undefined;
  readonly customerGroup?: string | undefined;
  readonly phone?: string | undefined;
  readonly vatId?: string | undefined;
  /** `gmbh`, `ag`, …: see `legalForms`. */
  readonly legalForm?: string | undefined;
  readonly billingAddress?: Address | undefined;
};

/** Where the goods go, and to whom. */
export type ShippingAddress = Address & {
  readonly name?: string | undefined;
  readonly company?: string | undefined;
};

/** What the buyer pays for the shipping: with taxes, and before them. */
export type Shipping = {
  readonly amountMinor: number;
  readonly netMinor?: number | undefined;
  /** 1900 is 19 %. */
  readonly taxRateBasisPoints?: number | undefined;
};

/** Taken off already: the payment's amount and the lines' prices are what they are without it. */
export type Discount = { readonly title: string; readonly amountMinor: number };

export type CompanyOwner = { readonly firstName?: string | undefined; readonly lastName: string };

/** All that checkout may send along, for the providers that have a place for it. */
export type OrderRequest = {
  readonly buyer: BuyerDetails;
  readonly items: readonly LineItem[];
  readonly discounts: readonly Discount[];
  readonly shipping?: Shipping | undefined;
  /** Absent: to the billing address, as far as checkout knows. */
  readonly shippingAddress?: ShippingAddress | undefined;
  readonly company?: { readonly owner?: CompanyOwner | undefined } | undefined;
};
