"""The words English invoices are labelled with."""

WORDS = """
title: Invoice; INVOICE; INVOICE; INVOICE; Tax Invoice; TAX INVOICE; Sales Invoice; Commercial Invoice; Bill; BILL;
  VAT Invoice; Service Invoice; Invoice / Receipt; Statement;
  Receipt for payment; Billing Statement; Your bill; Final invoice; Customer Invoice; Progress Invoice; Billing
  Invoice; Invoice summary; Statement of Account; Payment receipt; Retail Invoice
number: Invoice #; Invoice No.; Invoice Number; Invoice no; INVOICE #; Invoice ID; Invoice; Inv. No.; Number;
  Document No.; Bill No; Reference; Invoice Ref; Receipt number; INV#; No.
date: Date; Invoice Date; Date of Issue; Issue date; Dated; Billing date; Bill date; Date issued; Tax date; Invoice
  dated; Date of invoice; Tax point; Document date; Issued on
due: Due Date; Due; Payment due; Payment Due Date; Due by; Pay by; Date due; Payable by; Due on; Payment due by;
  Please pay by
bill_to: Bill To; BILL TO; Billed to; Invoice to; Sold To; Customer; Client; To; Bill to address; Invoice address;
  Buyer; Attention; Account holder; Charge to; Invoiced to; Billing Address
ship_to: Ship To; SHIP TO; Deliver to; Delivery address; Shipping Address; Consignee; Job site; Service address;
  Site; Ship to address; Project address
seller: From; Seller; Supplier; Vendor; Pay to; Remit to; Provider; Company
customer: Customer ID; Account number; Customer No.; Account No; Client ID; Customer #; Account; Customer account;
  Acct #; Your account number; Client Number; Member ID
order: P.O. Number; PO Number; PO #; Order No.; Purchase Order; Your order; Order number; Sales order; Job No.;
  Job; P.O. #; Contract No.; Work order; Our ref; Your ref; Quote #; Delivery note
contact: Salesperson; Sales Rep; Contact; Account manager; Prepared by; Issued by; Rep; Your contact; Attn;
  Consultant; Served by
description: Description; DESCRIPTION; Item; Item Description; Product; Details; Service; Particulars; Description
  of goods; Description of services; Task; Activity; Work performed; Item & Description; Services rendered
reference: Item #; SKU; Code; Ref; Item No.; Part No.; Product code; No.; Item code; #; Part number; HSN/SAC
quantity: Qty; QTY; Quantity; Hours; Qty.; Units; Hrs; Hrs/Qty; Pcs; Days; Quantity shipped; Usage
unit: Unit; UOM; U/M; Units; Unit of measure
price: Unit Price; UNIT PRICE; Rate; Price; Unit Cost; Price each; Cost; Hourly rate; Rate/Price; Unit price (excl.
  VAT); Each; Price per unit; List price
discount: Discount; Disc.; Disc %; Discount %; Adjust
rate: VAT; VAT %; Tax; Tax %; VAT rate; GST; Tax rate; GST %; Taxed
amount: Amount; AMOUNT; Line total; Total; Line Total; Net amount; Total price; Ext. Price; Extended; Subtotal;
  Net; Value; Total cost; Charges; Sub Total
subtotal: Subtotal; Sub-total; SUBTOTAL; Sub Total; Net total; Total excl. VAT; Total net; Total before tax; Net
  amount; Total (excl. tax); Amount before tax; Items subtotal; Taxable amount
tax: VAT; Sales Tax; Tax; GST; Total VAT; HST; TAX; Sales tax; VAT total; VAT amount; State tax; Tax total; Taxes;
  IGST; PST
total: Total; TOTAL; Amount Due; Balance Due; Total Due; Grand Total; Total amount due; Total (incl. VAT); Invoice
  total; Amount payable; TOTAL DUE; Total payable; Please pay; Total including VAT; Invoice Amount
paid: Amount paid; Deposit; Less deposit; Payments; Paid; Payment received; Paid to date; Less amount paid;
  Previous payments; Credits; Payment/Credits
balance: Balance Due; Amount Due; Balance; BALANCE DUE; Outstanding balance; Remaining balance; Amount outstanding;
  Due now; Balance to pay; Total outstanding
shipping: Shipping; Shipping & Handling; Delivery; Freight; S&H; Carriage; Postage & packing; Shipping cost;
  Delivery charge; Handling fee
reduction: Discount; Less discount; Trade discount; Promotional credit; Loyalty discount; Early payment discount;
  Coupon; Adjustment
terms: Terms; Payment Terms; Payment terms; Terms of payment; Payment method; Method of payment; Payment; Paid by;
  Payment Instructions; Payment Details; Terms & Conditions
bank: Bank details; Payment information; Bank; Bank account; Payment details; Wire instructions; Banking details;
  Remittance; Remit payment to; Bank Name; BACS details; Bank transfer; How to pay
iban: IBAN; IBAN; IBAN No; Account IBAN
bic: BIC; SWIFT; SWIFT/BIC; Swift code; BIC/SWIFT
vat_number: VAT Reg. No.; VAT No; VAT number; VAT registration number; Tax ID; EIN; VAT ID; ABN; GSTIN; Federal Tax
  ID; Tax reg. no; VAT Reg No; Company Tax No
register: Company No.; Company number; Company Reg. No; Registration number; Reg. No.; Registered in England No.;
  CRN; Business number
period: Billing period; Period; Service period; Statement period; For the month of; Period covered; Billing cycle;
  Dates of service; Usage period
object: Project; Subject; Re; Job description; For; Reference; Regarding; Matter; Project name; Work order
phone: Phone; Tel; Telephone; Tel.; Phone no; T; Ph; Call us
email: Email; E-mail; E; Email address; Mail
page: Page; page; Pg; Sheet
carried: Carried forward; Continued; Continued on next page; Subtotal carried forward; Brought forward
vat_base: Net; Net amount; Taxable; Goods; Net value
credit: Credit Note; CREDIT NOTE; Credit Memo; CREDIT MEMO; Credit invoice; Sales Credit Note; Refund invoice;
  Credit memorandum; Adjustment note
credited: Original invoice; Credit for invoice; Applies to invoice; Against invoice; Invoice ref; Relates to
  invoice No.; Original Invoice #
credit_total: Total credit; Credit total; Amount credited; Refund total; Total refunded; Credit amount; Credit remaining
proforma: Pro-forma Invoice; PROFORMA INVOICE; Proforma Invoice; PRO FORMA INVOICE; Pro Forma Invoice
deposit: 30% deposit required; Deposit due; Deposit required; Advance payment; 50% due on order; Advance due
paid_stamp: PAID; PAID IN FULL; PAID; COPY; RECEIVED; POSTED; APPROVED; OVERDUE; DUPLICATE; PAST DUE; ORIGINAL;
  APPROVED FOR PAYMENT
thanks: Thank you for your business!; Thank you for your business; THANK YOU; Thank you for your custom; We
  appreciate your business; Thanks for choosing us; Thank you for your order
"""
NOTES = """
{Payment is due|Payment due|Total due|Please pay} {within|in} {7|14|15|28|30|45|60} days {of the invoice date|from
  date of invoice|of receipt|} {. Thank you|}
{Make all checks payable to|Please make cheques payable to|Make checks payable to} {our company|the company name
  above|the name above}
{Late payments|Overdue accounts|Past due invoices|Late invoices} {are|will be} subject to a {late fee|service
  charge|interest charge|finance charge} of {1|1.5|2|5}% per month
If you have any questions {concerning|about|regarding} this invoice, {please contact us|contact our accounts
  department|call us|please use the following contact information}
{Please include|Please quote|Kindly quote|Always quote} {the invoice number|your account number|this reference}
  {with your payment|on your check|when paying|in all correspondence}
{Goods|Title to the goods|All goods} {remain|remains} the property of the {seller|supplier|company} until {paid in
  full|full payment has been received}
{Please remit payment|Kindly remit|Please detach and return this portion with your remittance} {to the address
  above|by bank transfer|with your payment|}
{We reserve the right to claim|We will claim} statutory interest and compensation for debt recovery costs {under
  the late payment legislation|}
{VAT is charged at the standard rate of 20%|Reverse charge: customer to account for VAT|No VAT charged|Zero-rated
  supply|VAT exempt supply}
{Returns accepted within|Goods may be returned within|No returns after} {14|30|60} days {with original
  packaging|with this invoice|. A restocking fee of {10|15|20}% applies|}
{All prices are|Amounts shown are|All amounts are} in {US dollars|GBP|USD|EUR|euros} {unless otherwise stated|}
  {and exclude VAT|}
Payment by {bank transfer|BACS|check|wire transfer|credit card|PayPal|ACH|direct debit} {preferred|only|accepted}{,
  no cash|}
{This invoice was generated electronically and is valid without signature|This is a computer generated invoice, no
  signature required|E. & O. E.}
{Registered office|Registered in England and Wales} {100-999} {High Street|King Street|Station Road}, company
  number {1000000-9999999}
{Your direct debit will be taken|We will collect payment from your account|Your card will be charged} on or
  {around|after} {the due date|the {1-28}th}
{A 3% surcharge applies to card payments|2% discount if paid within 10 days|{2/10|1/10} net 30}
{Warranty|All parts and labour guaranteed for} {90 days|12 months|one year} {on parts and labor|from the date of
  invoice}
{Interest|Storage charges} may be added to {unpaid balances|accounts not settled} after {30|60} days
Please retain this {invoice|document|copy} for your {records|tax records|warranty}
{Tax|Sales tax} calculated at {4.5|6.25|7|8.25|8.875|9.5}% for the {state|county|city}
{Sort code|Routing number}: {10-99}-{10-99}-{10-99} {Account|Acct no}: {10000000-99999999}
Balance from previous {invoice|statement|bill} {has been paid, thank you|is included in the total due}
"""
TERMS = """Net 30; Net 15; Net 60; Net 30 days; Due on receipt; Due upon receipt; 30 days; 14 days; COD; Prepaid;
    30 days from invoice date; Bank transfer; Credit card; Visa; PayPal; Check; Cheque; Cash
Direct Debit; BACS; 2% 10, Net 30; Wire transfer; End of month; 30 days EOM; Payment on delivery; ACH; Standing order;
    7 days; Immediate; Mastercard ending {1000-9999}; Visa ending in {1000-9999}"""
