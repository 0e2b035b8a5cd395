export function slotCount(quantity: number): string {
  return quantity === 1 ? '1 slot' : `${quantity} slots`;
}
